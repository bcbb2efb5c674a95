//! How many tests ran, read from what the test programs print.

/// Tests that passed and failed. One that was skipped on purpose is neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl std::ops::Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |sum, next| sum + next)
    }
}

/// From cargo test, and from wasm-pack test, whose runner speaks the same words:
/// `test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s`.
pub(crate) fn cargo(text: &str) -> Counts {
    text.lines()
        .filter_map(|line| line.trim().strip_prefix("test result: "))
        .map(|result| {
            let after_verdict = result.split_once(". ").map_or("", |(_, numbers)| numbers);
            let number = |word: &str| {
                let part = after_verdict.split("; ").find_map(|part| part.strip_suffix(word));
                part.and_then(|number| number.trim().parse().ok()).unwrap_or(0)
            };
            Counts { passed: number("passed"), failed: number("failed") }
        })
        .sum()
}

/// From `node --test`: `# pass 3` (its TAP form) or `ℹ pass 3` (its form for people). A cancelled test did not pass.
pub(crate) fn node(text: &str) -> Counts {
    text.lines()
        .filter_map(|line| line.strip_prefix("# ").or_else(|| line.strip_prefix("ℹ ")))
        .filter_map(|line| line.split_once(' '))
        .filter_map(|(word, number)| Some((word, number.trim().parse().ok()?)))
        .map(|(word, number)| match word {
            "pass" => Counts { passed: number, failed: 0 },
            "fail" | "cancelled" => Counts { passed: 0, failed: number },
            _ => Counts::default(),
        })
        .sum()
}

/// From Playwright, which ends with lines such as `  2 failed`, `  1 flaky`, `  3 did not run`, `  41 passed (1.2m)`.
pub(crate) fn playwright(text: &str) -> Counts {
    text.lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.trim().split_once(' '))
        .filter_map(|(number, verdict)| Some((number.parse().ok()?, verdict)))
        .map(|(number, verdict)| match verdict.split(" (").next().unwrap_or_default() {
            // A flaky test passed when it was tried again.
            "passed" | "flaky" => Counts { passed: number, failed: 0 },
            "failed" | "interrupted" | "did not run" => Counts { passed: 0, failed: number },
            _ => Counts::default(),
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(passed: u64, failed: u64) -> Counts {
        Counts { passed, failed }
    }

    #[test]
    fn every_binary_and_the_doctests_of_cargo_count() {
        let text = "
running 2 tests
test election::a_server_votes_once ... ok
test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s
   Doc-tests raft_core
test result: FAILED. 3 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.20s
";
        assert_eq!(cargo(text), counts(5, 1));
        assert_eq!(cargo("error: could not compile"), counts(0, 0));
    }

    #[test]
    fn the_runner_of_wasm_pack_counts_like_cargo() {
        let text = "test tests::greets ... ok\n\ntest result: ok. 1 passed; 0 failed; 0 ignored; 0 filtered out; finished in 0.01s\n";
        assert_eq!(cargo(text), counts(1, 0));
    }

    #[test]
    fn both_forms_of_node_count() {
        let tap = "TAP version 13\n# Subtest: adds\nok 1 - adds\n1..1\n# tests 4\n# suites 0\n# pass 2\n# fail 1\n# cancelled 1\n# skipped 0\n# todo 0\n# duration_ms 57.1\n";
        assert_eq!(node(tap), counts(2, 2));
        let spec = "✔ adds (0.5ms)\nℹ tests 3\nℹ suites 0\nℹ pass 3\nℹ fail 0\nℹ cancelled 0\nℹ duration_ms 57\n";
        assert_eq!(node(spec), counts(3, 0));
    }

    #[test]
    fn playwrights_last_lines_count_and_its_listing_does_not() {
        let text = "
Running 46 tests using 1 worker
  ✓   1 stage.spec.ts:3:1 › draws (310ms)
     2 passed by value, says the page
  2 failed
    stage.spec.ts:9:1 › 3 failed leaders step down
  1 flaky
    time.spec.ts:9:1 › seeks
  2 skipped
  3 did not run
  38 passed (1.2m)
";
        assert_eq!(playwright(text), counts(39, 5));
        assert_eq!(playwright("  1 passed (850ms)\n"), counts(1, 0));
    }
}
