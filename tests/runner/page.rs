//! Finds the cases of a Markdown page.

/// A program with its expectations.
#[derive(Clone, Default, PartialEq, Debug)]
pub struct Case {
    /// The page and the headings that contain it.
    pub name: String,
    /// The line of the page on which its main block starts.
    pub line: usize,
    /// Its files: path and content.
    pub files: Vec<(String, String)>,
    /// Inputs: name and value.
    pub inputs: Vec<(String, String)>,
    /// The target that is built.
    pub target: String,
    /// Whether it is only parsed.
    pub is_fragment: bool,
    /// The expected outputs.
    pub outputs: Vec<Output>,
}

/// An expected output.
#[derive(Clone, PartialEq, Debug)]
pub struct Output {
    /// The line of the page on which its block starts.
    pub line: usize,
    /// The command that prints it.
    pub kind: OutputKind,
    /// Its content.
    pub text: String,
}

/// The command that prints an output.
#[derive(Clone, PartialEq, Debug)]
pub enum OutputKind {
    /// `forgec build`.
    Build,
    /// `forgec eval`.
    Eval(Language),
    /// `forgec eval -e EXPR`.
    EvalExpr(Language, String),
}

/// The language of an output.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// YAML.
    Yaml,
    /// JSON.
    Json,
}

/// An excerpt of a file of the repository.
#[derive(Clone, PartialEq, Debug)]
pub struct Excerpt {
    /// The line of the page on which its block starts.
    pub line: usize,
    /// The file, from the root of the repository.
    pub path: String,
    /// The excerpt.
    pub text: String,
}

impl Excerpt {
    /// Whether a file contains these lines in sequence, all with the same additional indentation.
    pub fn is_part_of(&self, file: &str) -> bool {
        let wanted: Vec<&str> = self.text.lines().collect();
        let lines: Vec<&str> = file.lines().collect();
        let Some(first) = wanted.first() else { return false };
        lines.windows(wanted.len()).any(|window| {
            let Some(indent) = window[0].strip_suffix(first) else { return false };
            let fits = |(line, wanted): (&&str, &&str)| {
                line.strip_prefix(indent) == Some(wanted) || (line.is_empty() && wanted.is_empty())
            };
            indent.trim().is_empty() && window.iter().zip(&wanted).all(fits)
        })
    }
}

/// A terminal session: commands, and lines that they print.
#[derive(Clone, PartialEq, Debug)]
pub struct Console {
    /// The page and the headings that contain it.
    pub name: String,
    /// The line of the page on which its block starts.
    pub line: usize,
    /// The files of the folder in which the commands run: path and content.
    pub files: Vec<(String, String)>,
    /// The lines of the block.
    pub text: String,
}

/// The cases of a page, in order.
pub fn read(name: &str, text: &str) -> Vec<Case> {
    read_blocks(name, text).cases
}

/// The terminal sessions of a page that are run, in order.
pub fn consoles(name: &str, text: &str) -> Vec<Console> {
    read_blocks(name, text).consoles
}

/// The excerpts of a page, in order.
pub fn excerpts(text: &str) -> Vec<Excerpt> {
    read_blocks("", text).excerpts
}

fn read_blocks(name: &str, text: &str) -> Reader {
    let mut reader = Reader { page: name.to_owned(), ..Reader::default() };
    let mut lines = text.lines().enumerate();
    while let Some((at, line)) = lines.next() {
        if let Some((fence, info)) = fence(line) {
            let mut block = String::new();
            for (_, line) in lines.by_ref() {
                if is_end(line, fence) {
                    break;
                }
                block.push_str(line);
                block.push('\n');
            }
            reader.block(at + 1, info, block);
        } else if let Some(heading) = heading(line) {
            reader.heading(heading.0, heading.1);
        }
    }
    reader.flush();
    reader
}

#[derive(Default)]
struct Reader {
    page: String,
    headings: Vec<(usize, String)>,
    /// Files of the next case.
    pending: Case,
    /// Whether outputs belong to the last case.
    is_open: bool,
    cases: Vec<Case>,
    consoles: Vec<Console>,
    excerpts: Vec<Excerpt>,
}

impl Reader {
    fn heading(&mut self, level: usize, text: &str) {
        self.flush();
        self.is_open = false;
        self.headings.retain(|(other, _)| *other < level);
        self.headings.push((level, text.to_owned()));
    }

    /// Adds a case of the collected files, if one of them is the main file.
    fn flush(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        if pending.files.iter().any(|(path, _)| path == "main.forge") {
            self.finish(pending);
        }
    }

    /// The page and the headings that contain the current block.
    fn name(&self) -> String {
        let headings = self.headings.iter().map(|(_, text)| text.as_str());
        std::iter::once(self.page.as_str()).chain(headings).collect::<Vec<_>>().join(" > ")
    }

    fn finish(&mut self, mut case: Case) {
        case.name = self.name();
        if case.target.is_empty() {
            case.target = String::from("main.forge");
        }
        self.cases.push(case);
        self.is_open = true;
    }

    fn block(&mut self, line: usize, info: &str, text: String) {
        let words: Vec<&str> = info.split_whitespace().collect();
        let Some(&language) = words.first() else { return };
        let attribute = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)?.strip_prefix('='));
        if let Some(path) = attribute("from") {
            self.excerpts.push(Excerpt { line, path: path.to_owned(), text });
            return;
        }
        if let Some(path) = attribute("file") {
            self.is_open = false;
            self.options(&words);
            if self.pending.line == 0 || path == "main.forge" {
                self.pending.line = line;
            }
            self.pending.files.push((path.to_owned(), text));
            return;
        }
        match language {
            "forge" => {
                self.options(&words);
                let mut case = std::mem::take(&mut self.pending);
                case.line = line;
                case.is_fragment = words.contains(&"fragment");
                case.files.push((String::from("main.forge"), text));
                self.finish(case);
            }
            "yaml" | "json" => {
                self.flush();
                if let (Some(kind), true, Some(case)) = (output_kind(info, &words), self.is_open, self.cases.last_mut())
                {
                    case.outputs.push(Output { line, kind, text });
                }
            }
            "console" if words.contains(&"run") => {
                let files = std::mem::take(&mut self.pending).files;
                self.consoles.push(Console { name: self.name(), line, files, text });
            }
            _ => {}
        }
    }

    fn options(&mut self, words: &[&str]) {
        for word in words {
            if let Some(target) = word.strip_prefix("target=") {
                self.pending.target = target.to_owned();
            }
            if let Some((name, value)) = word.strip_prefix("input.").and_then(|input| input.split_once('=')) {
                self.pending.inputs.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

fn output_kind(info: &str, words: &[&str]) -> Option<OutputKind> {
    let language = if words[0] == "json" { Language::Json } else { Language::Yaml };
    match words {
        ["yaml"] => Some(OutputKind::Build),
        [_, "eval"] => Some(OutputKind::Eval(language)),
        [_, "eval", ..] => {
            let (_, expr) = info.split_once(" eval ")?;
            Some(OutputKind::EvalExpr(language, expr.trim().to_owned()))
        }
        _ => None,
    }
}

/// The length of an opening fence, and its info string.
fn fence(line: &str) -> Option<(usize, &str)> {
    let ticks = line.bytes().take_while(|&byte| byte == b'`').count();
    (ticks >= 3).then(|| (ticks, line[ticks..].trim()))
}

fn is_end(line: &str, fence: usize) -> bool {
    let line = line.trim_end();
    line.len() >= fence && line.bytes().all(|byte| byte == b'`')
}

fn heading(line: &str) -> Option<(usize, &str)> {
    let level = line.bytes().take_while(|&byte| byte == b'#').count();
    let text = line.get(level..)?.strip_prefix(' ')?;
    (1..=6).contains(&level).then(|| (level, text.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_belong_to_the_next_case_under_their_heading() {
        let text =
            "# A\n```forge file=b.forge\nx = 1\n```\n```forge input.n=3\nimport .b\n```\n## B\n```forge\ny = 1\n```\n";
        let cases = read("p.md", text);
        assert_eq!(cases.len(), 2);
        assert_eq!((cases[0].name.as_str(), cases[0].line), ("p.md > A", 5));
        assert_eq!(cases[0].files.len(), 2);
        assert_eq!(cases[0].inputs, [("n".to_owned(), "3".to_owned())]);
        assert_eq!((cases[1].name.as_str(), cases[1].files.len()), ("p.md > A > B", 1));
    }

    #[test]
    fn named_files_alone_are_a_case_if_one_is_the_main_one() {
        let text =
            "```forge file=main.forge\nx = 1\n```\n```yaml\nx\n```\n# B\n```forge file=other.forge\nx = 1\n```\n";
        let cases = read("p.md", text);
        assert_eq!(cases.len(), 1);
        assert_eq!(cases[0].outputs.len(), 1);
    }

    #[test]
    fn outputs_say_what_makes_them() {
        let text =
            "```forge\nx = 1\n```\nprose\n```yaml eval a + b\n3\n```\n```json eval\n{}\n```\n```console\n$ x\n```\n";
        let outputs = &read("p.md", text)[0].outputs;
        assert_eq!(outputs[0].kind, OutputKind::EvalExpr(Language::Yaml, "a + b".into()));
        assert_eq!(outputs[1].kind, OutputKind::Eval(Language::Json));
        assert_eq!(outputs.len(), 2);
    }

    #[test]
    fn a_console_that_is_run_takes_the_files_before_it() {
        let text =
            "# A\n```forge file=main.forge\nx = 1\n```\n```console run\n$ forgec check\n```\n```console\n$ x\n```\n";
        assert!(read("p.md", text).is_empty());
        let found = consoles("p.md", text);
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].name.as_str(), found[0].line, found[0].files.len()), ("p.md > A", 5, 1));
        assert_eq!(found[0].text, "$ forgec check\n");
    }

    #[test]
    fn parts_of_files_are_no_cases() {
        let text = "```forge from=a/b.forge\nx {\n  y\n```\n";
        assert!(read("p.md", text).is_empty());
        let excerpt = &excerpts(text)[0];
        assert_eq!((excerpt.line, excerpt.path.as_str()), (1, "a/b.forge"));
        assert!(excerpt.is_part_of("z\n  x {\n    y\n  }\n"));
        assert!(!excerpt.is_part_of("z\n  x {\n  y\n") && !excerpt.is_part_of("w x {\n  y\n"));
    }

    #[test]
    fn longer_fences_hold_shorter_ones() {
        let cases = read("p.md", "````markdown\n```forge\nx = 1\n```\n````\n");
        assert!(cases.is_empty());
    }
}
