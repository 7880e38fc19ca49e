//! Makes the sample campaigns. For now: the figures of every unit, checked against the printed
//! totals of both reports (`printed_figures.csv`), and the mistakes of the first round.
//!
//! `cargo run --example make_samples`

mod figures;
mod figures_vpubnd;
mod filled;
mod mistakes;
mod offices;
mod printed;
mod procedures;
mod shares;
mod spread;

fn main() {
    let communes = figures::figures();
    let office = figures_vpubnd::filing();
    let found = printed::figures_of("vinh-long-2025-09", &communes.filings);
    let found_office = printed::figures_of("vpubnd-2025-07", std::slice::from_ref(&office));
    for (id, value) in found.iter().chain(&found_office) {
        println!("{id} {value}");
    }
    printed::check_chosen(&communes.filings);
    let checked = printed::check(found.into_iter().chain(found_office), &communes.previous);
    println!("{checked} printed figures, all met");

    let first_round = mistakes::vinh_long(&communes.filings);
    mistakes::check(&first_round, &communes);
    for mistake in first_round.iter().chain(&mistakes::vpubnd()) {
        println!("{:7} {}", mistake.unit, mistake.note);
    }
}
