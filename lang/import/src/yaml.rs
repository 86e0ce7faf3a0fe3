//! Parses YAML and JSON to nodes like kubectl does: scalars follow the YAML 1.1 rules of Go's parser.
//!
//! [`read`] is the entry point. It reports the first error of each document and continues with the next document.

use std::borrow::Cow;

use forge_base::{Code, Diag, FileId, Span};
use granit_parser::{Event, Parser, Placement, ScalarStyle, ScanError, Tag};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::node::{Comment, Comments, Document, Entry, Item, Node, Value};
use crate::scalar;

/// The maximum number of nodes that the aliases of one file may expand to.
const ALIAS_BUDGET: usize = 1_000_000;

/// Parses all documents of a file. Empty documents are left out.
pub(crate) fn read(file: FileId, text: &str) -> (Vec<Document>, Vec<Diag>) {
    let mut reader = YamlReader { file, text, documents: Vec::new(), diags: Vec::new(), budget: ALIAS_BUDGET };
    let mut parser = Parser::new_from_str(text);
    while let Err(diag) = reader.read_documents(&mut parser) {
        reader.diags.push(*diag);
        if !matches!(parser.proceed_next_document(), Ok(true)) {
            break;
        }
    }
    (reader.documents, reader.diags)
}

type Fallible<T> = Result<T, Box<Diag>>;

struct YamlReader<'t> {
    file: FileId,
    text: &'t str,
    documents: Vec<Document>,
    diags: Vec<Diag>,
    budget: usize,
}

/// Builds one document from parser events.
#[derive(Default)]
struct DocumentBuilder {
    stack: Vec<Frame>,
    root: Option<Node>,
    /// Comments to attach to the next node.
    pending: Vec<Comment>,
    head: Vec<Comment>,
    anchors: FxHashMap<usize, Node>,
}

struct Frame {
    span: Span,
    anchor: usize,
    comments: Comments,
    kind: FrameKind,
}

enum FrameKind {
    List(Vec<Item>),
    Map { entries: Vec<Entry>, seen: FxHashSet<String>, key: Option<(String, Span, Comments)>, merges: Vec<Node> },
}

impl<'t> YamlReader<'t> {
    fn read_documents(&mut self, parser: &mut Parser<'t, impl granit_parser::BorrowedInput<'t>>) -> Fallible<()> {
        let mut builder = DocumentBuilder::default();
        while let Some(next) = parser.next_event() {
            let (event, parser_span) = next.map_err(|error| self.broken(&error))?;
            let line = (parser_span.start.line(), parser_span.start.col());
            let span = self.span(&parser_span);
            match event {
                Event::DocumentStart(..) => {
                    builder =
                        DocumentBuilder { pending: std::mem::take(&mut builder.pending), ..DocumentBuilder::default() };
                }
                Event::DocumentEnd => self.end_document(&mut builder),
                Event::Comment(text, placement) => builder.comment(text.trim_end(), placement, line),
                Event::Scalar(text, style, anchor, tag) => {
                    if builder.wants_key() {
                        builder.key(text.into_owned(), span, line).map_err(|()| self.duplicate_key(span))?;
                        continue;
                    }
                    let text = self.without_added_newline(text, style, span);
                    let value = self.scalar(text, style, tag.as_deref(), span)?;
                    let comments = builder.item_comments(line);
                    builder.add(Node { span, value }, anchor, comments).map_err(|span| self.duplicate_key(span))?;
                }
                Event::Alias(id) => {
                    let node = builder.anchors.get(&id).cloned().ok_or_else(|| self.invalid(span, "unknown alias"))?;
                    self.spend(&node, span)?;
                    if builder.wants_key() {
                        return Err(self.invalid(span, "an alias cannot be a key"));
                    }
                    let comments = builder.item_comments(line);
                    builder.add(node, 0, comments).map_err(|span| self.duplicate_key(span))?;
                }
                Event::SequenceStart(_, anchor, _) => {
                    self.reject_key(&builder, span)?;
                    builder.open(FrameKind::List(Vec::new()), span, anchor, line);
                }
                Event::MappingStart(_, anchor, _) => {
                    self.reject_key(&builder, span)?;
                    let kind = FrameKind::Map {
                        entries: Vec::new(),
                        seen: FxHashSet::default(),
                        key: None,
                        merges: Vec::new(),
                    };
                    builder.open(kind, span, anchor, line);
                }
                Event::SequenceEnd | Event::MappingEnd => {
                    builder.close(span).map_err(|span| self.duplicate_key(span))?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn reject_key(&self, builder: &DocumentBuilder, span: Span) -> Fallible<()> {
        if builder.wants_key() { Err(self.invalid(span, "a key must be a scalar")) } else { Ok(()) }
    }

    fn end_document(&mut self, builder: &mut DocumentBuilder) {
        let Some(root) = builder.root.take() else { return };
        if root.value != Value::Null {
            self.documents.push(Document { root, comments: std::mem::take(&mut builder.head) });
        }
    }

    /// A block scalar that ends with the file, without a line break: the parser adds one.
    fn without_added_newline<'s>(&self, text: Cow<'s, str>, style: ScalarStyle, span: Span) -> Cow<'s, str> {
        let is_block = matches!(style, ScalarStyle::Literal | ScalarStyle::Folded);
        let rest = self.text.get(span.end as usize..).unwrap_or("");
        if !is_block || !rest.trim_matches(' ').is_empty() || self.text.ends_with(['\n', '\r']) || !text.ends_with('\n')
        {
            return text;
        }
        let mut text = text.into_owned();
        text.pop();
        Cow::Owned(text)
    }

    fn scalar(&self, text: Cow<'_, str>, style: ScalarStyle, tag: Option<&Tag>, span: Span) -> Fallible<Value> {
        let is_plain = style == ScalarStyle::Plain;
        match tag.and_then(Tag::core_suffix) {
            Some("str" | "binary") => Ok(Value::Str(text.into_owned())),
            Some("int" | "float" | "bool" | "null") => Ok(scalar::resolve(&text)),
            _ if !is_plain => Ok(Value::Str(text.into_owned())),
            _ => match scalar::resolve(&text) {
                Value::Float(number) if !number.is_finite() => Err(self.invalid(span, "the number is not finite")),
                value => Ok(value),
            },
        }
    }

    fn spend(&mut self, node: &Node, span: Span) -> Fallible<()> {
        self.budget = self.budget.saturating_sub(size(node));
        if self.budget == 0 { Err(self.invalid(span, "the aliases expand to too many nodes")) } else { Ok(()) }
    }

    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        let trimmed = self.text.get(range.clone()).map_or(range.end, |text| range.start + text.trim_end().len());
        Span::new(self.file, range.start, trimmed.max(range.start))
    }

    fn broken(&self, error: &ScanError) -> Box<Diag> {
        let at = error.marker().byte_offset().unwrap_or(self.text.len());
        let shown = error.to_string();
        let reason = shown.split(" at byte").next().unwrap_or(&shown).lines().next().unwrap_or_default();
        self.invalid(Span::new(self.file, at, at), reason)
    }

    fn invalid(&self, span: Span, reason: &str) -> Box<Diag> {
        Box::new(Diag::error(Code::BAD_IMPORT, "invalid YAML").at(span, reason))
    }

    fn duplicate_key(&self, span: Span) -> Box<Diag> {
        Box::new(Diag::error(Code::BAD_IMPORT, "duplicate key").at(span, "the second occurrence"))
    }
}

fn size(node: &Node) -> usize {
    1 + match &node.value {
        Value::List(items) => items.iter().map(|item| size(&item.node)).sum(),
        Value::Map(entries) => entries.iter().map(|entry| size(&entry.node)).sum::<usize>(),
        _ => 0,
    }
}

impl DocumentBuilder {
    fn wants_key(&self) -> bool {
        matches!(self.stack.last(), Some(Frame { kind: FrameKind::Map { key: None, .. }, .. }))
    }

    fn comment(&mut self, text: &str, placement: Placement, (line, column): (usize, usize)) {
        if placement == Placement::Right && self.right(text, line) {
            return;
        }
        self.pending.push(Comment { text: text.to_owned(), line, column });
    }

    /// Attaches a comment to the entry or item that starts on its line.
    fn right(&mut self, text: &str, line: usize) -> bool {
        for frame in self.stack.iter_mut().rev() {
            let comments = match &mut frame.kind {
                FrameKind::Map { key: Some((_, _, comments)), .. } => Some(comments),
                FrameKind::Map { entries, .. } => entries.last_mut().map(|entry| &mut entry.comments),
                FrameKind::List(items) => items.last_mut().map(|item| &mut item.comments),
            };
            if let Some(comments) = comments.filter(|comments| comments.line == line) {
                comments.right = Some(text.to_owned());
                return true;
            }
        }
        false
    }

    fn key(&mut self, text: String, span: Span, (line, column): (usize, usize)) -> Result<(), ()> {
        let above = std::mem::take(&mut self.pending);
        if let Some(Frame { kind: FrameKind::Map { seen, key, .. }, .. }) = self.stack.last_mut() {
            if text != "<<" && !seen.insert(text.clone()) {
                return Err(());
            }
            *key = Some((text, span, Comments { above, right: None, line, column }));
        }
        Ok(())
    }

    /// Takes the comments above a node that is an item or a document.
    fn item_comments(&mut self, (line, column): (usize, usize)) -> Comments {
        match self.stack.last() {
            None => {
                self.head = self.pending.clone();
                Comments::default()
            }
            Some(Frame { kind: FrameKind::List(_), .. }) => {
                Comments { above: std::mem::take(&mut self.pending), right: None, line, column }
            }
            Some(_) => Comments::default(),
        }
    }

    fn open(&mut self, kind: FrameKind, span: Span, anchor: usize, line: (usize, usize)) {
        let comments = self.item_comments(line);
        self.stack.push(Frame { span, anchor, comments, kind });
    }

    fn close(&mut self, end: Span) -> Result<(), Span> {
        let Some(frame) = self.stack.pop() else { return Ok(()) };
        let span = frame.span.to(end);
        let value = match frame.kind {
            FrameKind::List(items) => Value::List(items),
            FrameKind::Map { entries, merges, .. } => Value::Map(merged(entries, &merges)),
        };
        self.add(Node { span, value }, frame.anchor, frame.comments)
    }

    fn add(&mut self, node: Node, anchor: usize, comments: Comments) -> Result<(), Span> {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.stack.last_mut().map(|frame| &mut frame.kind) {
            None => self.root = Some(node),
            Some(FrameKind::List(items)) => items.push(Item { node, comments }),
            Some(FrameKind::Map { entries, key, merges, .. }) => match key.take() {
                Some((key, ..)) if key == "<<" && matches!(node.value, Value::Map(_) | Value::List(_)) => {
                    merges.push(node)
                }
                Some((key, key_span, comments)) => entries.push(Entry { key, key_span, node, comments }),
                None => return Err(node.span),
            },
        }
        Ok(())
    }
}

/// Adds the entries of merge keys (`<<`); explicit entries take precedence.
fn merged(mut entries: Vec<Entry>, merges: &[Node]) -> Vec<Entry> {
    let sources = merges.iter().flat_map(|node| match &node.value {
        Value::List(items) => items.iter().map(|item| &item.node).collect(),
        _ => vec![node],
    });
    for source in sources {
        for entry in source.entries() {
            if entries.iter().all(|known| known.key != entry.key) {
                entries.push(entry.clone());
            }
        }
    }
    entries
}

#[cfg(test)]
mod tests {
    use super::*;

    fn documents(text: &str) -> Vec<Document> {
        let (documents, diags) = read(FileId(0), text);
        assert_eq!(diags, []);
        documents
    }

    #[test]
    fn comments_belong_to_what_stands_below_or_beside_them() {
        let found =
            documents("# head\n\n# of a\na: 1 # right\nb:\n  # of c\n  c: 2\n  # of list\n  d:\n  # item\n  - x\n");
        let root = &found[0].root;
        let texts = |comments: &Comments| comments.above.iter().map(|c| c.text.clone()).collect::<Vec<_>>();
        assert_eq!(texts(&root.entries()[0].comments), [" head", " of a"]);
        assert_eq!(root.entries()[0].comments.right.as_deref(), Some(" right"));
        assert_eq!(texts(&root.entries()[1].comments), [""; 0]);
        let inner = root.get("b").unwrap().entries();
        assert_eq!(texts(&inner[0].comments), [" of c"]);
        assert_eq!(texts(&inner[1].comments), [" of list"]);
        assert_eq!(texts(&inner[1].node.items()[0].comments), [" item"]);
    }

    #[test]
    fn comments_before_documents_and_empty_documents_do_no_harm() {
        let found = documents("# license\n---\n# nothing\n---\na: 1\n---\n# second\nb: 2\n...\n");
        assert_eq!(found.len(), 2);
        assert_eq!(found[1].comments[0].text, " second");
    }

    #[test]
    fn anchors_and_merge_keys_are_resolved() {
        let found = documents("base: &b { x: 1, y: 2 }\nmore:\n  <<: *b\n  y: 3\nlist: [*b]\n");
        let more = found[0].root.get("more").unwrap();
        assert_eq!(more.get("x").unwrap().value, Value::Int(1));
        assert_eq!(more.get("y").unwrap().value, Value::Int(3));
    }

    #[test]
    fn a_broken_document_does_not_lose_the_next() {
        let (found, diags) = read(FileId(0), "a: [1\n---\nb: 2\n");
        assert_eq!(found.len(), 1);
        assert_eq!(diags.len(), 1);
    }

    #[test]
    fn a_key_that_is_given_twice_is_an_error_with_its_place() {
        let (_, diags) = read(FileId(0), "a: 1\nb: 2\na: 3\n");
        assert_eq!(diags[0].span().unwrap().start, 10);
    }

    #[test]
    fn aliases_cannot_blow_up_memory() {
        let mut text = String::from("a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n");
        for n in 1..12 {
            let refs = vec![format!("*a{}", n - 1); 10].join(",");
            text += &format!("a{n}: &a{n} [{refs}]\n");
        }
        assert_eq!(read(FileId(0), &text).1.len(), 1);
    }

    #[test]
    fn a_block_scalar_that_ends_with_the_file_has_no_line_break_that_is_not_there() {
        let value = |text: &str| documents(text)[0].root.get("k").unwrap().value.clone();
        assert_eq!(value("k: |\n  one\n  two"), Value::Str(String::from("one\ntwo")));
        assert_eq!(value("k: |\n  one\n  two\n"), Value::Str(String::from("one\ntwo\n")));
        assert_eq!(value("k: |-\n  one\n  two"), Value::Str(String::from("one\ntwo")));
        assert_eq!(value("k: |\n  one\nl: two"), Value::Str(String::from("one\n")));
    }
}
