//! Plain data from outside of the program.

/// Plain data: an input, or the content of a file. Maps keep their order.
#[derive(Clone, PartialEq, Debug)]
pub enum Data {
    /// `null`.
    Null,
    /// A boolean.
    Bool(bool),
    /// An integer.
    Int(i64),
    /// A floating-point number.
    Float(f64),
    /// A string; becomes a Quantity or Duration where such a type is expected.
    Str(String),
    /// A list.
    List(Vec<Data>),
    /// A map.
    Map(Vec<(String, Data)>),
}

impl Data {
    /// A short description, for messages.
    pub(crate) fn describe(&self) -> String {
        match self {
            Data::Null => "null".into(),
            Data::Bool(value) => value.to_string(),
            Data::Int(value) => value.to_string(),
            Data::Float(value) => value.to_string(),
            Data::Str(text) => format!("{text:?}"),
            Data::List(_) => "a list".into(),
            Data::Map(_) => "a map".into(),
        }
    }
}
