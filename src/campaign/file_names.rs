//! Names of files that every system can write, made from names that come from anywhere.

/// Systems keep 255 bytes of a step of a path.
const LONGEST_STEP: usize = 60;

/// A name that every system can take for one step of a path.
pub fn usable(step: &str) -> String {
    let plain = |c: char| match c {
        c if c.is_control() || "<>:\"|?*/\\".contains(c) => '_',
        c => c,
    };
    let step: String = step.chars().map(plain).collect();
    let step = match step.char_indices().nth(LONGEST_STEP) {
        Some((end, _)) => {
            step[..end].to_owned()
                + step.rfind('.').map_or("", |dot| {
                    let extension = &step[dot..];
                    if extension.len() <= 5 { extension } else { "" }
                })
        }
        None => step,
    };
    let step = step.trim_end_matches(['.', ' ']);
    let stem = step
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_uppercase();
    // Windows keeps these names for devices, whatever follows the dot.
    let device = matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || (stem.len() == 4 && (stem.starts_with("COM") || stem.starts_with("LPT")));
    match device || step.is_empty() {
        true => format!("_{step}"),
        false => step.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::usable;

    #[test]
    fn a_name_from_anywhere_becomes_one_step_of_a_path() {
        assert_eq!(usable("H61.01"), "H61.01");
        assert_eq!(usable("A/B\\C:D*"), "A_B_C_D_");
        assert_eq!(usable("nul.xlsx"), "_nul.xlsx");
        assert_eq!(usable(".."), "_");
    }
}
