//! The codes of all diagnostics. The first two digits are the phase: 01 lex, 02 syntax, 03 name and import, 04 type,
//! 05 constraint, 06 evaluation, 07 output and Kubernetes, 08 project and command line, 09 lint.
//!
//! A code never changes its meaning and is never reused. Each has a page in `docs/errors/` whose examples a test runs.

use crate::name::Name;

/// A diagnostic's code, such as `F0412`.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Code(u16);

macro_rules! codes {
    ($($name:ident = $number:literal, $title:literal;)*) => {
        impl Code {
            $(#[doc = $title] pub const $name: Code = Code($number);)*
            /// Every code with its title, in order.
            pub const ALL: &'static [(Code, &'static str)] = &[$((Code($number), $title)),*];
        }
    };
}

codes! {
    // 01: characters and tokens
    UNEXPECTED_CHARACTER = 101, "unexpected character";
    UNCLOSED_STRING = 102, "unterminated string";
    BAD_ESCAPE = 103, "unknown escape sequence";
    BAD_NUMBER = 104, "invalid number literal";
    BAD_INDENTATION = 105, "insufficient indentation in a multi-line string";
    BAD_UTF8 = 106, "file is not UTF-8";
    // 02: grammar
    SYNTAX = 201, "syntax error";
    UNCLOSED = 202, "unbalanced bracket";
    MISPLACED_ITEM = 203, "item not allowed here";
    TOO_DEEP = 204, "nesting deeper than 500 levels";
    MISSING_VALUE = 205, "missing value or name";
    BAD_NAME = 206, "wrong capitalization of a name";
    NOT_A_BLOCK = 207, "braces without a single value";
    // 03: names and imports
    UNKNOWN_NAME = 301, "unknown name";
    UNKNOWN_MODULE = 302, "unknown module";
    UNKNOWN_IMPORT = 303, "name not found in a module";
    PRIVATE_NAME = 304, "private name used outside its module";
    DUPLICATE_NAME = 305, "duplicate declaration";
    UNKNOWN_TYPE = 306, "unknown type";
    IMPORTED_INPUTS = 307, "import of a module with inputs";
    AMBIGUOUS_MODULE = 308, "module defined by two files";
    TYPE_CYCLE = 309, "cyclic inheritance or type alias";
    NOT_A_VALUE = 310, "expected a value, found a type";
    NOT_A_TYPE = 311, "expected a type, found a value";
    NO_SELF = 312, "`self` or `super` outside a body";
    // 04: types
    MISMATCH = 401, "mismatched types";
    UNKNOWN_MEMBER = 402, "unknown field or method";
    BAD_OPERANDS = 403, "operator not applicable to its operands";
    NOT_CALLABLE = 404, "value is not a function";
    BAD_ARGUMENTS = 405, "invalid arguments";
    MAYBE_NULL = 406, "value may be null";
    NOT_ITERABLE = 407, "value is not iterable";
    NEEDS_ANNOTATION = 408, "type annotation needed";
    NOT_REFINABLE = 409, "value cannot be refined";
    LIST_REFINED = 410, "refinement of a plain list";
    AMBIGUOUS_UNIT = 411, "`m` used for minutes";
    UNKNOWN_FIELD = 412, "unknown field";
    MISSING_FIELD = 413, "missing required field";
    DUPLICATE_FIELD = 414, "field set twice";
    NOT_EXHAUSTIVE = 415, "non-exhaustive `match`";
    UNREACHABLE_ARM = 416, "unreachable `match` arm";
    WIDENED_FIELD = 417, "inherited field with a wider type";
    ABSTRACT_INSTANCE = 418, "instance of an abstract schema";
    ABSTRACT_METHOD = 419, "unimplemented abstract method";
    SECRET_LEAK = 420, "secret in an unsafe position";
    DYNAMIC_FIELD = 421, "computed field name in a schema";
    RECURSION = 422, "recursive function";
    NO_SUPER = 423, "`super` without a value to override";
    BAD_OVERRIDE = 424, "incompatible method override";
    BAD_PATTERN = 425, "pattern never matches";
    NOT_INDEXABLE = 426, "value cannot be indexed";
    NEVER_TRUE = 427, "condition is always true or false";
    UNAVAILABLE = 428, "item not available in the target version";
    // 05: constraints
    REFINEMENT_FAILED = 501, "value violates its refinement";
    CHECK_FAILED = 502, "failed check";
    ASSERT_FAILED = 503, "failed assertion";
    MISSING_KEY = 504, "refinement of a missing entry";
    DUPLICATE_KEY = 505, "duplicate key";
    KEY_MISMATCH = 506, "key field differs from the key";
    DELETE_MISSING = 507, "deletion of a missing entry";
    REQUIRED_UNSET = 508, "required field is not set";
    AMBIGUOUS_KEY = 509, "partial key matches several elements";
    LATE_UNSET = 510, "late field read before it is set";
    // 06: evaluation
    VALUE_CYCLE = 601, "value depends on itself";
    INT_OVERFLOW = 602, "numeric overflow";
    DIVISION_BY_ZERO = 603, "division by zero";
    INDEX_OUT_OF_RANGE = 604, "index out of range";
    NO_SUCH_KEY = 605, "key not found";
    BAD_REGEX = 606, "invalid regular expression";
    BUDGET_STEPS = 607, "step limit exceeded";
    BUDGET_MEMORY = 608, "memory limit exceeded";
    TOO_DEEP_EVALUATION = 609, "evaluation nested too deeply";
    FILE_UNREADABLE = 610, "unreadable file";
    FILE_OUTSIDE = 611, "path outside the package";
    BAD_DATA = 612, "invalid data";
    BUILTIN_FAILED = 613, "invalid argument to a built-in function";
    TEST_FAILED = 614, "expected failure did not occur";
    SNAPSHOT_CHANGED = 615, "snapshot mismatch";
    // 07: output
    NOT_EMITTABLE = 701, "field with nothing to build";
    NOT_PRINTABLE = 702, "value has no YAML form";
    SECRET_EMITTED = 703, "secret in the output";
    DUPLICATE_OUTPUT = 704, "duplicate output path";
    BAD_OUTPUT_PATH = 705, "output path outside the output folder";
    OUT_OF_DATE = 706, "output folder is out of date";
    FOREIGN_FILE = 707, "output path is occupied by a file that `forgec` did not write";
    BAD_OBJECT_NAME = 710, "missing or invalid `metadata.name`";
    BAD_NAMESPACE = 711, "invalid namespace";
    BAD_LABEL = 712, "invalid label";
    BAD_ANNOTATION = 713, "invalid annotation";
    SELECTOR_MISMATCH = 714, "selector does not match its own pods";
    DUPLICATE_PART = 715, "duplicate name within an object";
    BAD_PART_NAME = 716, "invalid name within an object";
    UNKNOWN_VOLUME = 717, "mount of an unknown volume";
    UNKNOWN_PORT_NAME = 718, "probe of an unknown port";
    BAD_RESOURCES = 719, "invalid resource requests or limits";
    BAD_CONTAINER = 720, "invalid container";
    ONE_OF = 721, "conflicting or missing alternatives";
    BAD_SERVICE = 722, "invalid Service";
    BAD_CONFIG_DATA = 723, "invalid ConfigMap or Secret";
    BAD_WORKLOAD = 724, "invalid workload";
    BAD_SCHEDULE = 725, "invalid schedule";
    BAD_SCALING = 726, "invalid autoscaler or disruption budget";
    BAD_NETWORK_POLICY = 727, "invalid NetworkPolicy";
    BAD_INGRESS = 728, "invalid Ingress";
    BAD_ACCESS_RULE = 729, "invalid role or binding";
    BAD_CLASS = 730, "invalid PriorityClass or CustomResourceDefinition";
    PLAIN_SECRET = 731, "secret in plain text";
    VALIDATION_FAILED = 732, "custom resource violates a validation rule";
    RULE_NOT_CHECKED = 733, "validation rule was not evaluated";
    UNKNOWN_KIND = 734, "kind unknown to the target Kubernetes version";
    EMPTY_VOLUME = 735, "volume without a source";
    MISSING_PART = 736, "missing field that the API server requires";
    DUPLICATE_OBJECT = 740, "duplicate object";
    SELECTS_NOTHING = 741, "selector matches no pods";
    UNKNOWN_REFERENCE = 742, "reference to a missing object";
    UNKNOWN_TARGET_PORT = 743, "reference to a missing port";
    UNKNOWN_NAMESPACE = 744, "undefined namespace";
    WAITS_FOR_ITSELF = 745, "cyclic `dependsOn`";
    // 08: project and command line
    BAD_MANIFEST = 801, "invalid `forge.toml`";
    PACKAGE_CYCLE = 802, "cyclic package dependency";
    UNKNOWN_DEPENDENCY = 803, "missing dependency";
    UNKNOWN_INPUT = 804, "unknown input";
    MISSING_INPUT = 805, "missing input";
    BAD_INPUT = 806, "invalid input value";
    NO_TARGET = 807, "target not found";
    CANNOT_WRITE = 808, "output cannot be written";
    UNKNOWN_CODE = 809, "unknown diagnostic code";
    UNSUPPORTED_EDITION = 810, "unsupported edition";
    BAD_USAGE = 811, "invalid command line";
    INTERNAL = 812, "internal compiler error";
    BAD_IMPORT = 813, "import source cannot be read";
    NOT_REPRESENTABLE = 814, "schema cannot be represented";
    NOTHING_TO_IMPORT = 815, "nothing to import";
    IMPORT_DIFFERS = 816, "import does not reproduce its input";
    LEFT_OUT = 817, "constraint dropped by an import";
    OUT_OF_MEMORY = 818, "not enough memory to run";
    // 09: lints
    UNUSED_LET = 901, "unused `let`";
    UNUSED_IMPORT = 902, "unused import";
    UNUSED_OVERRIDE = 903, "override without effect";
    SHADOWED = 904, "confusing shadowing";
    DEPRECATED = 905, "use of a deprecated item";
    UNUSED_PARAMETER = 906, "unused parameter";
    INTERNAL_USE = 907, "use of an internal item";
    NOT_FORMATTED = 908, "file is not formatted";
    UNKNOWN_VALUE = 909, "value is not a known alternative";
    HIDDEN_NAME = 911, "hidden built-in name";
    FOREIGN_INTERPOLATION = 912, "interpolation of another language";
}

impl Code {
    /// The code with this number, if there is one. Accepts `F0412`, `f412` and `412`.
    pub fn parse(text: &str) -> Option<Code> {
        let digits = text.strip_prefix(['F', 'f']).unwrap_or(text);
        let number: u16 = digits.parse().ok()?;
        Code::ALL.iter().map(|&(code, _)| code).find(|code| code.0 == number)
    }

    /// Its title: what kind of mistake it stands for.
    pub fn title(self) -> &'static str {
        Code::ALL.iter().find(|(code, _)| *code == self).map_or("", |(_, title)| title)
    }
}

/// The code of a diagnostic: one of `forgec` itself, or one that a check of a schema declares.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum AnyCode {
    /// A code of `forgec`, such as `F0412`.
    BuiltIn(Code),
    /// The code of a check: capital letters and digits, such as `C07`.
    Check(Name),
}

impl AnyCode {
    /// Parses a code; `None` if it cannot be one.
    pub fn parse(text: &str) -> Option<AnyCode> {
        if let Some(code) = Code::parse(text) {
            return Some(AnyCode::BuiltIn(code));
        }
        let letters = text.trim_end_matches(|c: char| c.is_ascii_digit());
        let is_code =
            !letters.is_empty() && letters.len() < text.len() && letters.bytes().all(|c| c.is_ascii_uppercase());
        let is_reserved = letters == "F" && text.len() == 5;
        (is_code && !is_reserved).then(|| AnyCode::Check(Name::new(text)))
    }
}

impl std::fmt::Display for AnyCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            AnyCode::BuiltIn(code) => code.fmt(f),
            AnyCode::Check(name) => f.write_str(name.as_str()),
        }
    }
}

impl std::fmt::Display for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "F{:04}", self.0)
    }
}

impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self}")
    }
}
