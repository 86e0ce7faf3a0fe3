//! The codes of all diagnostics. The first two digits are the phase: 01 lex, 02 syntax, 03 name and import, 04 type,
//! 05 constraint, 06 evaluation, 07 output and Kubernetes, 08 project and command line, 09 lint.
//!
//! A code never changes its meaning and is never reused. Each has a page in `docs/errors/` whose examples a test runs.

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
    UNCLOSED_STRING = 102, "string without an end";
    BAD_ESCAPE = 103, "unknown escape in a string";
    BAD_NUMBER = 104, "number that cannot be read";
    BAD_INDENTATION = 105, "multi-line string indented less than its end";
    BAD_UTF8 = 106, "file that is not UTF-8";
    // 02: grammar
    SYNTAX = 201, "syntax error";
    UNCLOSED = 202, "bracket without its partner";
    MISPLACED_ITEM = 203, "item that cannot stand here";
    TOO_DEEP = 204, "nesting deeper than 500 levels";
    MISSING_VALUE = 205, "value or name that is missing";
    BAD_NAME = 206, "name with the wrong first letter";
    NOT_A_BLOCK = 207, "braces that do not hold one value";
    // 03: names and imports
    UNKNOWN_NAME = 301, "unknown name";
    UNKNOWN_MODULE = 302, "unknown module";
    UNKNOWN_IMPORT = 303, "module without this name";
    PRIVATE_NAME = 304, "private name used outside its module";
    DUPLICATE_NAME = 305, "name declared twice";
    UNKNOWN_TYPE = 306, "unknown type";
    IMPORTED_INPUTS = 307, "import of a module with inputs";
    AMBIGUOUS_MODULE = 308, "module with two files";
    TYPE_CYCLE = 309, "type or schema that is its own parent";
    NOT_A_VALUE = 310, "name that is not a value";
    NOT_A_TYPE = 311, "name that is not a type";
    NO_SELF = 312, "`self` or `super` outside a body";
    // 04: types
    MISMATCH = 401, "value of another type than expected";
    UNKNOWN_MEMBER = 402, "type without this member";
    BAD_OPERANDS = 403, "operator that does not fit its operands";
    NOT_CALLABLE = 404, "call of something that is not a function";
    BAD_ARGUMENTS = 405, "call with the wrong arguments";
    MAYBE_NULL = 406, "value that may be null";
    NOT_ITERABLE = 407, "loop over something that has no items";
    NEEDS_ANNOTATION = 408, "type that cannot be inferred";
    NOT_REFINABLE = 409, "refinement of something without fields";
    LIST_REFINED = 410, "plain list refined";
    AMBIGUOUS_UNIT = 411, "minutes written as milli";
    UNKNOWN_FIELD = 412, "unknown field";
    MISSING_FIELD = 413, "missing required field";
    DUPLICATE_FIELD = 414, "field set twice";
    NOT_EXHAUSTIVE = 415, "`match` that leaves values out";
    UNREACHABLE_ARM = 416, "`match` arm that is never reached";
    WIDENED_FIELD = 417, "inherited field with a wider type";
    ABSTRACT_INSTANCE = 418, "instance of an abstract schema";
    ABSTRACT_METHOD = 419, "abstract method without a body";
    SECRET_LEAK = 420, "secret that would leak";
    DYNAMIC_FIELD = 421, "computed field name in a schema";
    RECURSION = 422, "functions that call each other in a circle";
    NO_SUPER = 423, "`super` with nothing to replace";
    BAD_OVERRIDE = 424, "method that does not fit the inherited one";
    BAD_PATTERN = 425, "pattern that can never match";
    NOT_INDEXABLE = 426, "value that cannot be indexed";
    NEVER_TRUE = 427, "comparison that is always the same";
    UNAVAILABLE = 428, "use of what the target version lacks";
    // 05: constraints
    REFINEMENT_FAILED = 501, "value outside its refinement";
    CHECK_FAILED = 502, "check that failed";
    ASSERT_FAILED = 503, "assertion that failed";
    MISSING_KEY = 504, "refined entry that is not there";
    DUPLICATE_KEY = 505, "key given twice";
    KEY_MISMATCH = 506, "element whose key field says something else";
    DELETE_MISSING = 507, "deleted entry that is not there";
    REQUIRED_UNSET = 508, "required field without a value";
    AMBIGUOUS_KEY = 509, "first key that names several elements";
    // 06: evaluation
    VALUE_CYCLE = 601, "value that needs itself";
    INT_OVERFLOW = 602, "integer overflow";
    DIVISION_BY_ZERO = 603, "division by zero";
    INDEX_OUT_OF_RANGE = 604, "index out of range";
    NO_SUCH_KEY = 605, "map without this key";
    BAD_REGEX = 606, "regular expression that does not compile";
    BUDGET_STEPS = 607, "evaluation beyond its budget of steps";
    BUDGET_MEMORY = 608, "evaluation beyond its budget of memory";
    TOO_DEEP_EVALUATION = 609, "evaluation nested too deeply";
    FILE_UNREADABLE = 610, "file that cannot be read";
    FILE_OUTSIDE = 611, "file outside the package";
    BAD_DATA = 612, "data that cannot be parsed";
    BUILTIN_FAILED = 613, "argument that a builtin cannot take";
    TEST_FAILED = 614, "test that failed";
    SNAPSHOT_CHANGED = 615, "snapshot that changed";
    // 07: output
    NOT_EMITTABLE = 701, "field with nothing to emit";
    NOT_PRINTABLE = 702, "value that has no YAML form";
    SECRET_EMITTED = 703, "secret in the output";
    DUPLICATE_OUTPUT = 704, "two outputs with one path";
    BAD_OUTPUT_PATH = 705, "output path that leaves the folder";
    OUT_OF_DATE = 706, "output folder that is out of date";
    FOREIGN_FILE = 707, "file of somebody else in the way";
    BAD_OBJECT_NAME = 710, "object without a name that Kubernetes takes";
    BAD_NAMESPACE = 711, "namespace that does not fit";
    BAD_LABEL = 712, "label that Kubernetes refuses";
    BAD_ANNOTATION = 713, "annotation that Kubernetes refuses";
    SELECTOR_MISMATCH = 714, "selector that misses its own pods";
    DUPLICATE_PART = 715, "two parts of an object with one name";
    BAD_PART_NAME = 716, "part of an object with a name that Kubernetes refuses";
    UNKNOWN_VOLUME = 717, "mount of a volume that is not there";
    UNKNOWN_PORT_NAME = 718, "named port that the container does not have";
    BAD_RESOURCES = 719, "requests and limits that do not fit";
    BAD_CONTAINER = 720, "container that Kubernetes refuses";
    ONE_OF = 721, "not exactly one of several alternatives";
    BAD_SERVICE = 722, "Service that Kubernetes refuses";
    BAD_CONFIG_DATA = 723, "ConfigMap or Secret that Kubernetes refuses";
    BAD_WORKLOAD = 724, "workload that Kubernetes refuses";
    BAD_SCHEDULE = 725, "schedule that cannot be read";
    BAD_SCALING = 726, "scaling or disruption that Kubernetes refuses";
    BAD_NETWORK_POLICY = 727, "NetworkPolicy that Kubernetes refuses";
    BAD_INGRESS = 728, "Ingress that Kubernetes refuses";
    BAD_ACCESS_RULE = 729, "access rule that Kubernetes refuses";
    BAD_CLASS = 730, "PriorityClass or definition that Kubernetes refuses";
    PLAIN_SECRET = 731, "secret written in plain text";
    VALIDATION_FAILED = 732, "rule of a custom resource that does not hold";
    RULE_NOT_CHECKED = 733, "rule of a custom resource that was not checked";
    UNKNOWN_KIND = 734, "kind that this version of Kubernetes does not have";
    DUPLICATE_OBJECT = 740, "two objects with one name";
    SELECTS_NOTHING = 741, "selector that matches no pods";
    UNKNOWN_REFERENCE = 742, "reference to an object that is not there";
    UNKNOWN_TARGET_PORT = 743, "port that the object behind it does not have";
    UNKNOWN_NAMESPACE = 744, "namespace that is not defined";
    WAITS_FOR_ITSELF = 745, "objects that wait for one another";
    // 08: project and command line
    BAD_MANIFEST = 801, "`forge.toml` that cannot be used";
    PACKAGE_CYCLE = 802, "packages that depend on each other in a circle";
    UNKNOWN_DEPENDENCY = 803, "dependency that is not there";
    UNKNOWN_INPUT = 804, "unknown input";
    MISSING_INPUT = 805, "missing input";
    BAD_INPUT = 806, "input of the wrong type";
    NO_TARGET = 807, "target that is not there";
    CANNOT_WRITE = 808, "output that cannot be written";
    UNKNOWN_CODE = 809, "unknown diagnostic code";
    UNSUPPORTED_EDITION = 810, "edition that this compiler does not know";
    BAD_USAGE = 811, "command line that cannot be used";
    INTERNAL = 812, "mistake in the compiler itself";
    BAD_IMPORT = 813, "input of an import that cannot be used";
    NOT_REPRESENTABLE = 814, "schema that Forge cannot express";
    NOTHING_TO_IMPORT = 815, "import of nothing";
    IMPORT_DIFFERS = 816, "import that does not give its input back";
    LEFT_OUT = 817, "part of a schema that an import left out";
    // 09: lints
    UNUSED_LET = 901, "`let` that is never used";
    UNUSED_IMPORT = 902, "import that is never used";
    UNUSED_OVERRIDE = 903, "override that changes nothing";
    SHADOWED = 904, "name that shadows another in a confusing way";
    DEPRECATED = 905, "use of something deprecated";
    UNUSED_PARAMETER = 906, "parameter that is never used";
    INTERNAL_USE = 907, "use of something internal";
    NOT_FORMATTED = 908, "text that is not formatted";
    UNKNOWN_VALUE = 909, "value that is none of the known ones";
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
