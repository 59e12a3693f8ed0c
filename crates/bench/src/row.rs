use std::io::Write;

/// One measured figure beside what it is held against.
pub(crate) struct Row {
    /// Of the performance table.
    pub(crate) id: &'static str,
    /// What was measured.
    pub(crate) what: String,
    /// The floor, in `unit`.
    pub(crate) floor: f64,
    /// The figure, in `unit`.
    pub(crate) value: f64,
    /// Of floor and value.
    pub(crate) unit: &'static str,
    /// What the ratio should be.
    pub(crate) target: Target,
}

/// What a ratio should be.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    /// The more the better.
    AtLeast(f64),
    /// The less the better.
    AtMost(f64),
    /// It and 1 differ by no more.
    Within(f64),
    /// It is no row of the performance table.
    None,
}

impl Row {
    fn ratio(&self) -> f64 {
        self.value / self.floor
    }

    fn verdict(&self) -> String {
        let met = |is_met: bool| if is_met { "met" } else { "MISSED" };
        match self.target {
            Target::AtLeast(target) => format!(">= {target}: {}", met(self.ratio() >= target)),
            Target::AtMost(target) => format!("<= {target}: {}", met(self.ratio() <= target)),
            Target::Within(target) => format!("1 +/- {target}: {}", met((self.ratio() - 1.0).abs() <= target)),
            Target::None => "no target".to_owned(),
        }
    }

    /// Writes the row as a line of the table and as JSON.
    pub(crate) fn print(&self, out: &mut impl Write) -> anyhow::Result<()> {
        let target = match self.target {
            Target::AtLeast(target) | Target::AtMost(target) | Target::Within(target) => Some(target),
            Target::None => None,
        };
        let Self { id, what, floor, value, unit, .. } = self;
        let (ratio, verdict) = (self.ratio(), self.verdict());
        writeln!(out, "{id:<4} {what:<52} {value:>12.1} / {floor:>12.1} {unit:<6} = {ratio:.3}  ({verdict})")?;
        let json = serde_json::json!({
            "row": id, "what": what, "ratio": ratio, "target": target, "floor": floor, "value": value, "unit": unit,
        });
        Ok(writeln!(out, "{json}")?)
    }
}

/// The middle of some measurements.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The value below which so many thousandths of the measurements lie.
pub(crate) fn percentile(values: &mut [f64], thousandths: usize) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() * thousandths / 1000).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TARGETS: [Target; 3] = [Target::AtLeast(0.9), Target::AtMost(1.2), Target::Within(0.06)];

    fn is_met(value: f64, target: Target) -> bool {
        let row = Row { id: "P0", what: String::new(), floor: 50.0, value, unit: "ms", target };
        row.verdict().ends_with(": met")
    }

    #[test]
    fn a_figure_misses_the_targets_that_it_misses() {
        let met = |value| TARGETS.map(|target| is_met(value, target));

        assert_eq!(met(50.0), [true, true, true]);
        assert_eq!(met(44.0), [false, true, false]);
        assert_eq!(met(61.0), [true, false, false]);
        assert_eq!(met(52.0), [true, true, true]);
    }

    #[test]
    fn what_was_not_measured_meets_no_target() {
        for nothing in [median(Vec::new()), percentile(&mut [], 990)] {
            assert!(TARGETS.iter().all(|target| !is_met(nothing, *target)));
        }
    }

    #[test]
    fn the_slowest_hundredth_shows_in_the_p99_and_not_in_the_middle() {
        let mut times = vec![1.0; 985];
        times.extend([100.0; 15]);

        assert!(percentile(&mut times, 990) > 99.0);
        assert!(median(times) < 2.0);
    }

    #[test]
    fn one_disturbed_round_of_seven_does_not_move_the_middle() {
        assert!((median(vec![1.0, 9.0, 1.0, 1.1, 1.0, 0.9, 1.0]) - 1.0).abs() < 1e-9);
    }
}
