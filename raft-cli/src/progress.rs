//! How far a long command is, where somebody watches.

use std::io::{self, IsTerminal};

use indicatif::{ProgressBar, ProgressStyle};

/// A bar on a terminal, and nothing elsewhere. `told` is what stands behind it, in the bar's own words: `{pos} of {len} runs`.
pub(crate) fn progress(count: usize, told: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let bar = ProgressBar::new(count as u64);
    let style = ProgressStyle::with_template(&format!("{{wide_bar}} {told}, {{eta}} left"));
    bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar
}
