//! "Did you mean": finds the name that is most similar to a wrong one.

/// The maximum length of names that are compared, which takes time quadratic in the length.
const MAX_LENGTH: usize = 200;

/// The maximum number of names of similar length that are compared: a large program may have very many wrong names.
const MAX_CANDIDATES: usize = 2000;

/// The candidate that is most similar to `wrong`, if one is similar enough.
///
/// The edit distance, in which a transposition counts once, must be at most a third of the longer name, or one edit. A name that differs
/// only in case is always similar, and so is a name of which `wrong` is a prefix of at least four letters and half the length.
pub fn nearest<'a>(wrong: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    if wrong.len() > MAX_LENGTH {
        return None;
    }
    let length = wrong.chars().count();
    let mut compared = 0;
    for candidate in candidates {
        if candidate.len() > 2 * MAX_LENGTH {
            continue;
        }
        let longer = length.max(candidate.chars().count());
        let limit = (longer / 3).max(1);
        // A prefix counts as the largest distance that is still similar.
        if is_long_prefix(wrong, candidate) && best.is_none_or(|(distance, _)| distance > limit) {
            best = Some((limit, candidate));
        }
        if wrong.len().abs_diff(candidate.len()) > limit || candidate == wrong || compared >= MAX_CANDIDATES {
            continue;
        }
        compared += 1;
        let distance = if candidate.eq_ignore_ascii_case(wrong) { 0 } else { strsim::osa_distance(wrong, candidate) };
        if distance <= limit && distance < longer {
            let better = best.is_none_or(|(d, c)| (distance, candidate) < (d, c));
            if better {
                best = Some((distance, candidate));
            }
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// Whether `wrong` is a prefix of `candidate` and at least half of it.
fn is_long_prefix(wrong: &str, candidate: &str) -> bool {
    let is_long = wrong.len() >= 4 && 2 * wrong.len() >= candidate.len() && wrong.len() < candidate.len();
    is_long && candidate.get(..wrong.len()).is_some_and(|first| first.eq_ignore_ascii_case(wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_half_of_a_name_is_similar_to_it() {
        assert_eq!(nearest("GitRepo", ["OCIRepository", "GitRepository"]), Some("GitRepository"));
        assert_eq!(nearest("Git", ["GitRepository"]), None);
        assert_eq!(nearest("port", ["portfolioManager"]), None);
        assert_eq!(nearest("replica", ["replicaCount", "replicas"]), Some("replicas"));
    }
}
