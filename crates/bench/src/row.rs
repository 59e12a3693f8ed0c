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
