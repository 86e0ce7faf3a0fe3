//! What a walk over values writes into: YAML, JSON, or nothing but a count of lines.

/// A writer that is driven by events. Maps and lists nest; a key comes before its value, `item` before each item of a list.
pub trait Sink {
    /// Opens a map.
    fn begin_map(&mut self);
    /// The key of the value that comes next.
    fn key(&mut self, key: &str);
    /// Closes the innermost map.
    fn end_map(&mut self);
    /// Opens a list.
    fn begin_list(&mut self);
    /// Announces the next item.
    fn item(&mut self);
    /// Closes the innermost list.
    fn end_list(&mut self);
    /// A string.
    fn string(&mut self, text: &str);
    /// A whole number.
    fn int(&mut self, number: i64);
    /// Any other number.
    fn float(&mut self, number: f64);
    /// A truth value.
    fn bool(&mut self, value: bool);
    /// Null.
    fn null(&mut self);
    /// The line, from 1, that the next byte goes to.
    fn line(&self) -> usize;
    /// How many bytes were written.
    fn bytes(&self) -> usize;
}
