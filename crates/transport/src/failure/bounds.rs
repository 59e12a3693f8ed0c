//! How much a client is told of the fields of one request.
//!
//! A status travels in the trailers of the response, and common clients refuse trailers over 8 KiB:
//! they would see a broken stream in place of the reason.

use super::FieldProblem;

/// Of the problems in the details, which travel in base 64.
const MAX_DETAIL_BYTES: usize = 3 * 1024;

/// Of the problems in the message, which repeats them for people.
const MAX_MESSAGE_BYTES: usize = 1024;

/// What one problem takes beside its texts.
const OVERHEAD_BYTES: usize = 8;

/// The problems to list in the details: all of them if they fit.
pub(super) fn listed(fields: &[FieldProblem]) -> &[FieldProblem] {
    fitting(fields, MAX_DETAIL_BYTES)
}

/// The problems as one sentence.
pub(super) fn summary(fields: &[FieldProblem]) -> String {
    let named = fitting(fields, MAX_MESSAGE_BYTES);
    let mut parts: Vec<String> = named.iter().map(|field| format!("{} {}", field.path, field.problem)).collect();
    let left_out = fields.len() - named.len();
    if left_out > 0 {
        parts.push(format!("and {left_out} more"));
    }
    parts.join("; ")
}

/// As many of the first ones as fit, and one in any case.
fn fitting(fields: &[FieldProblem], max_bytes: usize) -> &[FieldProblem] {
    let sizes = fields.iter().map(|field| field.path.len() + field.problem.len() + OVERHEAD_BYTES);
    let ends = sizes.scan(0, |end, size| {
        *end += size;
        Some(*end)
    });
    let count = ends.take_while(|end| *end <= max_bytes).count();
    &fields[..count.max(1).min(fields.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(count: usize) -> Vec<FieldProblem> {
        let problem = |place| FieldProblem { path: format!("permissions[{place}]"), problem: "is wrong".to_owned() };
        (0..count).map(problem).collect()
    }

    #[test]
    fn what_fits_is_told_whole() {
        assert_eq!(listed(&problems(20)).len(), 20);
        assert_eq!(summary(&problems(2)), "permissions[0] is wrong; permissions[1] is wrong");
    }

    #[test]
    fn what_does_not_fit_is_counted() {
        let problems = problems(10_000);
        let told = listed(&problems).len();
        let sentence = summary(&problems);

        assert!((20..200).contains(&told));
        assert!(sentence.len() < 1200 && sentence.ends_with(" more"), "{sentence}");
    }
}
