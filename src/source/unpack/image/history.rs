//! The steps of an image's history.

/// The build arguments that a step of a history was run with: Docker writes them before the command, as in
/// `RUN |2 TOKEN=… HOST=… /bin/sh -c make`. Values may hold blanks; they are taken up to the next argument,
/// the last one up to the shell.
pub fn build_args(created_by: &str) -> Vec<(String, String)> {
    let text = created_by.trim_start();
    let text = text.strip_prefix("RUN ").unwrap_or(text);
    let Some((count, mut rest)) = text.strip_prefix('|').and_then(|text| text.split_once(' '))
    else {
        return Vec::new();
    };
    let Ok(count) = count.parse::<usize>() else { return Vec::new() };
    let mut args = Vec::new();
    while args.len() < count {
        let Some((name, value)) = rest.split_once('=').filter(|(name, _)| is_name(name)) else {
            break;
        };
        let end = if args.len() + 1 < count { next_arg(value) } else { shell(value) };
        let (value, behind) = value.split_at(end);
        args.push((name.to_owned(), value.to_owned()));
        rest = behind.trim_start();
    }
    args
}

fn is_name(name: &str) -> bool {
    let mut bytes = name.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_alphabetic() || b == b'_')
        && bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.'))
}

/// Where a value ends that another argument follows.
fn next_arg(value: &str) -> usize {
    let follows = |&(at, _): &(usize, &str)| {
        value.get(at + 1..).and_then(|v| v.split_once('=')).is_some_and(|(name, _)| is_name(name))
    };
    value.match_indices(' ').find(follows).map_or(value.len(), |(at, _)| at)
}

/// Where a value ends that the command follows.
fn shell(value: &str) -> usize {
    let shells = [" /bin/", " /usr/bin/", " cmd /", " powershell ", " pwsh "];
    let end = shells.iter().filter_map(|shell| value.find(shell)).min();
    end.or_else(|| value.find(' ')).unwrap_or(value.len())
}

#[cfg(test)]
mod tests {
    use super::build_args;

    fn args(step: &str) -> Vec<(String, String)> {
        build_args(step)
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn arguments_are_taken_from_both_builders_steps() {
        let expected = pairs(&[("TOKEN", "one"), ("HOST", "two.example")]);
        assert_eq!(args("RUN |2 TOKEN=one HOST=two.example /bin/sh -c make # buildkit"), expected);
        assert_eq!(args("|2 TOKEN=one HOST=two.example /bin/sh -c make A=b"), expected);
    }

    #[test]
    fn values_may_be_empty_or_hold_blanks_and_equal_signs() {
        let expected = pairs(&[("A", "a b=c d"), ("B", ""), ("C", "x y")]);
        assert_eq!(args("RUN |3 A=a b=c d B= C=x y /bin/sh -c true").len(), 3);
        assert_eq!(args("RUN |3 A=a =c d B= C=x y /bin/sh -c true")[0].1, "a =c d");
        assert_eq!(args("RUN |3 A=a =c d B= C=x y /bin/sh -c true")[1..], expected[1..]);
    }

    #[test]
    fn steps_without_arguments_have_none() {
        for step in [
            "",
            "|",
            "|x A=b",
            "|2",
            "|18446744073709551616 A=b /bin/sh",
            "COPY . .",
            "RUN make A=b",
        ] {
            assert_eq!(args(step), [], "{step}");
        }
        assert_eq!(args("|9 A=b /bin/sh -c c"), pairs(&[("A", "b /bin/sh -c c")]));
    }
}
