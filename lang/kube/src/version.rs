//! The supported Kubernetes versions.

use std::fmt;
use std::str::FromStr;

/// A minor version of Kubernetes 1.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Version(u8);

impl Version {
    /// The oldest supported version.
    pub const OLDEST: Version = Version(33);
    /// The newest supported version.
    pub const NEWEST: Version = Version(37);
    /// The version used if a package does not set one.
    pub const DEFAULT: Version = Version(35);

    /// The version 1.37.
    pub(crate) const V1_37: Version = Version(37);

    /// All supported versions, oldest first.
    pub fn all() -> impl DoubleEndedIterator<Item = Version> {
        (Version::OLDEST.0..=Version::NEWEST.0).map(Version)
    }

    /// The minor version number.
    pub fn minor(self) -> u8 {
        self.0
    }

    /// Its index among the supported versions, from 0.
    pub fn index(self) -> usize {
        usize::from(self.0 - Version::OLDEST.0)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "1.{}", self.0)
    }
}

impl FromStr for Version {
    type Err = ();

    /// Parses `1.35`. A patch version such as `1.35.2` stands for its minor version.
    fn from_str(text: &str) -> Result<Version, ()> {
        let mut parts = text.split('.');
        let (major, minor, patch) = (parts.next(), parts.next(), parts.next());
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        if major != Some("1") || parts.next().is_some() || patch.is_some_and(|patch| !is_number(patch)) {
            return Err(());
        }
        let minor = minor.filter(|minor| is_number(minor)).and_then(|minor| minor.parse::<u8>().ok()).ok_or(())?;
        Version::all().find(|version| version.0 == minor).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_read_back_as_they_print() {
        assert!(Version::all().all(|version| version.to_string().parse() == Ok(version)));
        assert_eq!("1.35.2".parse(), Ok(Version::DEFAULT));
        for wrong in ["1", "1.", "1.35.", "1.+35", "2.35", "1.35.1.1", "1.1", "v1.35"] {
            assert_eq!(wrong.parse::<Version>(), Err(()), "{wrong}");
        }
    }
}
