//! Turns diagnostics into text, JSON and SARIF.
