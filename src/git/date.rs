//! Points in time, as users type them and as reports print them.

/// Seconds in a day.
const DAY: i64 = 86_400;

/// The second since 1970 that a user means: `2026-01-31`, `2026-01-31T12:30:00Z`, `2026-01-31 12:30
/// +0200`, `@1700000000`, `3 days ago`, `yesterday`, `36h`. A time without a zone is in UTC, a day
/// without a time begins at midnight.
pub fn parse(text: &str, now: i64) -> Option<i64> {
    let text = text.trim().to_ascii_lowercase();
    if let Some(seconds) = text.strip_prefix('@') {
        return seconds.parse().ok();
    }
    match text.as_str() {
        "now" => Some(now),
        "yesterday" => now.checked_sub(DAY),
        _ => absolute(&text).or_else(|| ago(&text, now)),
    }
}

/// `2026-01-31T14:30:00+02:00`: a second since 1970, on a clock that is `zone` minutes ahead of
/// UTC.
pub fn iso(time: i64, zone: i32) -> String {
    let local = time.saturating_add(i64::from(zone) * 60);
    let (year, month, day) = civil_of(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY);
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    let (sign, off) = (if zone < 0 { '-' } else { '+' }, zone.unsigned_abs());
    let offset = format!("{sign}{:02}:{:02}", off / 60, off % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}{offset}")
}

/// A day, and perhaps a time and a zone.
fn absolute(text: &str) -> Option<i64> {
    let (year, rest) = number(text, 4)?;
    let (month, rest) = number(rest.strip_prefix('-')?, 2)?;
    let (day, rest) = number(rest.strip_prefix('-')?, 2)?;
    let is_day = year > 0 && (1..=12).contains(&month) && (1..=days_in(year, month)).contains(&day);
    let midnight = is_day.then(|| days_of(year, month, day) * DAY)?;
    if rest.is_empty() {
        return Some(midnight);
    }
    let (seconds, rest) = time_of_day(rest.strip_prefix(['t', ' '])?)?;
    Some(midnight + seconds - offset(rest.trim_start())?)
}

/// The seconds since midnight of `12:30`, `12:30:15` or `12:30:15.25`, and what follows.
fn time_of_day(text: &str) -> Option<(i64, &str)> {
    let (hour, rest) = number(text, 2)?;
    let (minute, mut rest) = number(rest.strip_prefix(':')?, 2)?;
    let mut second = 0;
    if let Some(more) = rest.strip_prefix(':') {
        (second, rest) = number(more, 2)?;
        let fraction = rest.strip_prefix('.');
        rest =
            fraction.map_or(rest, |digits| digits.trim_start_matches(|c: char| c.is_ascii_digit()));
    }
    let is_time = hour < 24 && minute < 60 && second <= 60;
    is_time.then_some((hour * 3600 + minute * 60 + second, rest))
}

/// How many seconds `z`, `+0200`, `+02:00` or `+02` are ahead of UTC.
fn offset(text: &str) -> Option<i64> {
    if matches!(text, "" | "z" | "utc") {
        return Some(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let (hours, rest) = number(text.strip_prefix(['+', '-'])?, 2)?;
    let (minutes, rest) = match rest {
        "" => (0, ""),
        _ => number(rest.strip_prefix(':').unwrap_or(rest), 2)?,
    };
    let is_zone = rest.is_empty() && hours < 24 && minutes < 60;
    is_zone.then_some(sign * (hours * 3600 + minutes * 60))
}

/// `3 days ago`, `3.days.ago`, `36h`.
fn ago(text: &str, now: i64) -> Option<i64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let count: i64 = text[..digits].parse().ok()?;
    let is_gap = |c: char| c == ' ' || c == '.';
    let mut words = text[digits..].split(is_gap).filter(|word| !word.is_empty());
    let unit = words.next()?;
    matches!((words.next(), words.next()), (None | Some("ago"), None)).then_some(())?;
    let unit = if unit.len() > 2 { unit.strip_suffix('s').unwrap_or(unit) } else { unit };
    if let Some(months) = months(unit) {
        return earlier(now, count.checked_mul(months)?);
    }
    now.checked_sub(count.checked_mul(seconds(unit)?)?)
}

/// A lone `m` might be minutes or months, so it is neither.
fn seconds(unit: &str) -> Option<i64> {
    match unit {
        "s" | "sec" | "second" => Some(1),
        "min" | "minute" => Some(60),
        "h" | "hour" => Some(3600),
        "d" | "day" => Some(DAY),
        "w" | "week" => Some(7 * DAY),
        _ => None,
    }
}

fn months(unit: &str) -> Option<i64> {
    match unit {
        "mo" | "month" => Some(1),
        "y" | "year" => Some(12),
        _ => None,
    }
}

/// The same time of day some months before; the last day of its month, if that one is shorter.
fn earlier(now: i64, months: i64) -> Option<i64> {
    let (year, month, day) = civil_of(now.div_euclid(DAY));
    let all = (year.checked_mul(12)?.checked_add(month - 1)?).checked_sub(months)?;
    let (year, month) = (all.div_euclid(12), all.rem_euclid(12) + 1);
    // Beyond these years nothing is meant, and the sums below might overflow.
    (-9999..=9999).contains(&year).then_some(())?;
    Some(days_of(year, month, day.min(days_in(year, month))) * DAY + now.rem_euclid(DAY))
}

/// Exactly `count` digits, and what follows them.
fn number(text: &str, count: usize) -> Option<(i64, &str)> {
    let (digits, rest) = text.split_at_checked(count)?;
    let all = digits.bytes().all(|b| b.is_ascii_digit());
    all.then(|| digits.parse().ok()).flatten().map(|number| (number, rest))
}

fn days_in(year: i64, month: i64) -> i64 {
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970 of a day. Years are counted from March on, so that the leap day is their last,
/// and in eras of 400 years, which are all of the same length.
fn days_of(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year) = (year.div_euclid(400), year.rem_euclid(400));
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year * 365 + year / 4 - year / 100 + day_of_year - 719_468
}

/// Year, month and day of a day since 1970.
fn civil_of(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = era * 400 + year + i64::from(month <= 2);
    (year, month, day_of_year - (153 * shifted + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::super::noise::Noise;
    use super::{DAY, civil_of, days_of, iso, parse};

    /// 2026-03-31T12:00:00Z.
    const NOW: i64 = 1_774_958_400;

    fn back(text: &str) -> Option<String> {
        parse(text, NOW).map(|time| iso(time, 0))
    }

    #[test]
    fn days_and_times_are_read() {
        let is = |text: &str, time: &str| assert_eq!(back(text).as_deref(), Some(time), "{text}");
        is("2026-01-31", "2026-01-31T00:00:00+00:00");
        is(" 2026-01-31T12:30:00Z ", "2026-01-31T12:30:00+00:00");
        is("2026-01-31 12:30:00 +0200", "2026-01-31T10:30:00+00:00");
        is("2026-01-31t12:30:15.75-05:30", "2026-01-31T18:00:15+00:00");
        is("2024-02-29 23:59", "2024-02-29T23:59:00+00:00");
        is("@1700000000", "2023-11-14T22:13:20+00:00");
        is("@-1", "1969-12-31T23:59:59+00:00");
    }

    #[test]
    fn spans_are_counted_back_from_now() {
        let is = |text: &str, time: &str| assert_eq!(back(text).as_deref(), Some(time), "{text}");
        is("now", "2026-03-31T12:00:00+00:00");
        is("Yesterday", "2026-03-30T12:00:00+00:00");
        is("3 days ago", "2026-03-28T12:00:00+00:00");
        is("2.weeks.ago", "2026-03-17T12:00:00+00:00");
        is("1 month ago", "2026-02-28T12:00:00+00:00");
        is("25 months ago", "2024-02-29T12:00:00+00:00");
        is("1 year", "2025-03-31T12:00:00+00:00");
        is("36h", "2026-03-30T00:00:00+00:00");
        is("90min", "2026-03-31T10:30:00+00:00");
        is("7d", "2026-03-24T12:00:00+00:00");
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "@",
            "@x",
            "soon",
            "3",
            "3 ago",
            "3m",
            "ago",
            "3 days before",
            "2026",
            "2026-1-1",
            "2026-02-29",
            "2026-13-01",
            "0000-01-01",
            "2026-01-01x",
            "2026-01-01T24:00",
            "2026-01-01T12",
            "2026-01-01 12:00 +9900",
            "2026-01-01 12:00 CET",
            "-3 days ago",
            "99999999999999999999 days ago",
            "9223372036854775807 weeks ago",
            "9999999999 years ago",
            "2026-01-\u{fc}1",
            "\u{fc}",
        ] {
            assert_eq!(parse(text, NOW), None, "{text}");
        }
    }

    #[test]
    fn days_and_dates_are_each_others_inverse() {
        let mut last = civil_of(-800_001);
        for days in -800_000..800_000 {
            let date @ (year, month, day) = civil_of(days);
            assert!(date > last, "{date:?} comes after {last:?}");
            assert_eq!(days_of(year, month, day), days);
            last = date;
        }
    }

    #[test]
    fn every_second_and_zone_is_printed() {
        assert_eq!(iso(0, 0), "1970-01-01T00:00:00+00:00");
        assert_eq!(iso(1_769_862_600, 120), "2026-01-31T14:30:00+02:00");
        assert_eq!(iso(-DAY, -570), "1969-12-30T14:30:00-09:30");
        for (time, zone) in [(i64::MAX, i32::MAX), (i64::MIN, i32::MIN), (i64::MAX, i32::MIN)] {
            assert!(iso(time, zone).contains('T'));
        }
    }

    #[test]
    fn noise_is_borne() {
        let mut noise = Noise::new(4);
        for _ in 0..3000 {
            let bytes = noise.bytes_of(b"0123456789-:T+. @agodywmh\xff", 28);
            let text = String::from_utf8_lossy(&bytes);
            for now in [NOW, i64::MIN, i64::MAX] {
                _ = parse(&text, now).map(|time| iso(time, 60));
            }
        }
        for now in [i64::MIN, i64::MAX] {
            _ = parse("1 month ago", now);
        }
    }
}
