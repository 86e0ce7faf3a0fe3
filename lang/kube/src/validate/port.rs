//! Names of ports.

use forge_base::Code;

use super::headline::shorten;
use super::violation::Violation;
use crate::resource::Data;

/// The violation of an invalid port name.
pub(super) fn bad_port_name<'a>(name: &str, at: &'a Data<'a>, problem: String) -> Violation<&'a Data<'a>> {
    let headline = format!("`{}` is not a valid port name", shorten(name));
    let violation = Violation::error(Code::BAD_PART_NAME, headline, at, format!("the name {problem}"));
    if name.bytes().all(|byte| byte.is_ascii_digit()) {
        violation.help("write the number without quotes")
    } else {
        violation
    }
}
