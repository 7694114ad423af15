//! Points in time: Unix seconds to RFC 3339 text in UTC, and back.

const DAY: i64 = 86_400;

/// `unix` seconds as `2025-01-01T00:00:00Z`; none outside the years 1970 to 9999.
pub fn rfc3339(unix: i64) -> Option<String> {
    let (year, month, day) = civil(unix.div_euclid(DAY));
    let rest = unix.rem_euclid(DAY);
    (1970..=9999).contains(&year).then(|| {
        let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    })
}

/// Unix seconds of a date in UTC, with or without hours, minutes and seconds: `2025-01-01T00:00:00Z`,
/// `20250101T000000Z`, `2025-01-01`. None where it is no such date, or has another zone.
pub(super) fn unix(text: &str) -> Option<i64> {
    let whole = text.split('.').next()?;
    if !whole.bytes().all(|b| b.is_ascii_digit() || b"-:TZtz".contains(&b)) {
        return None;
    }
    let digits: String = whole.chars().filter(char::is_ascii_digit).collect();
    if ![8, 12, 14].contains(&digits.len()) {
        return None;
    }
    let part = |from: usize, to: usize| digits.get(from..to).map_or(Some(0), |d| d.parse().ok());
    at(part(0, 4)?, part(4, 6)?, part(6, 8)?, [part(8, 10)?, part(10, 12)?, part(12, 14)?])
}

/// Unix seconds of a date and a time of day (hour, minute, second); none where there is no such time.
pub(super) fn at(year: i64, month: i64, day: i64, clock: [i64; 3]) -> Option<i64> {
    let [hour, minute, second] = clock;
    let days = days_before(year, month) + day - 1;
    let real = (1..=12).contains(&month) && civil(days) == (year, month, day);
    let timely = (0..24).contains(&hour) && (0..60).contains(&minute) && (0..=60).contains(&second);
    (real && timely).then_some(days * DAY + hour * 3600 + minute * 60 + second)
}

/// Days from 1970-01-01 to the first of `month`. Years are counted from March, so that the leap day
/// is the last of its year.
const fn days_before(year: i64, month: i64) -> i64 {
    let year = if month > 2 { year } else { year - 1 };
    let from_march = (month + 9).rem_euclid(12);
    let leaps = year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400);
    365 * year + leaps + (153 * from_march + 2) / 5 - 719_468
}

/// Year, month and day of the day `days` after 1970-01-01.
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let of_year = day - (365 * year + year / 4 - year / 100);
    let from_march = (5 * of_year + 2) / 153;
    let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
    let carry = if month <= 2 { 1 } else { 0 };
    (era * 400 + year + carry, month, of_year - (153 * from_march + 2) / 5 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_known_times() {
        for (seconds, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_399, "2000-02-28T23:59:59Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_735_689_600, "2025-01-01T00:00:00Z"),
            (4_107_542_400, "2100-03-01T00:00:00Z"),
        ] {
            assert_eq!(rfc3339(seconds).as_deref(), Some(text));
            assert_eq!(unix(text), Some(seconds));
        }
    }

    #[test]
    fn goes_there_and_back() {
        for day in 0..60_000 {
            let text = rfc3339(day * DAY + 3661).expect("before the year 9999");
            assert_eq!(unix(&text), Some(day * DAY + 3661));
        }
    }

    #[test]
    fn refuses_what_is_no_time() {
        for text in
            ["", "2025", "2025-13-01", "2025-02-29", "2025-01-01T25:00:00Z", "20250101+0100"]
        {
            assert_eq!(unix(text), None, "{text}");
        }
        assert_eq!(rfc3339(i64::MAX / 2), None);
        assert_eq!(rfc3339(-1), None);
    }

    #[test]
    fn other_ways_to_write_it() {
        for text in
            ["2025-01-01", "20250101T000000Z", "2025-01-01T00:00Z", "2025-01-01T00:00:00.000Z"]
        {
            assert_eq!(unix(text), Some(1_735_689_600), "{text}");
        }
    }
}
