//! "Did you mean": the nearest of the names that would have been right.

/// Nobody misspells a longer name, and comparing takes the square of the length.
const MAX_LENGTH: usize = 200;

/// With how many names of about its length one is compared: a program with very many names may have very many wrong ones.
const MAX_CANDIDATES: usize = 2000;

/// The candidate nearest to `wrong`, if one is near enough to be what was meant.
///
/// A name that begins with what was written is near, too, from four letters on that are half of it.
///
/// Near is at most a third of the longer text (at least one edit), swaps counting once, and less than all of it; a different case alone always counts.
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
        // Who breaks off in the middle of a name is as far from it as can be.
        if is_beginning(wrong, candidate) && best.is_none_or(|(distance, _)| distance > limit) {
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

/// Whether `wrong` is at least half of `candidate`, its first one.
fn is_beginning(wrong: &str, candidate: &str) -> bool {
    let is_long = wrong.len() >= 4 && 2 * wrong.len() >= candidate.len() && wrong.len() < candidate.len();
    is_long && candidate.get(..wrong.len()).is_some_and(|first| first.eq_ignore_ascii_case(wrong))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_half_of_a_name_is_near_it() {
        assert_eq!(nearest("GitRepo", ["OCIRepository", "GitRepository"]), Some("GitRepository"));
        assert_eq!(nearest("Git", ["GitRepository"]), None);
        assert_eq!(nearest("port", ["portfolioManager"]), None);
        assert_eq!(nearest("replica", ["replicaCount", "replicas"]), Some("replicas"));
    }
}
