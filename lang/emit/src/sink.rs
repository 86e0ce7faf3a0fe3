//! The interface between the walk over values and the writers.

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
    /// An integer.
    fn int(&mut self, number: i64);
    /// A floating-point number.
    fn float(&mut self, number: f64);
    /// A boolean.
    fn bool(&mut self, value: bool);
    /// Null.
    fn null(&mut self);
    /// The line of the next byte, from 1.
    fn line(&self) -> usize;
    /// The number of bytes written.
    fn bytes(&self) -> usize;
}
