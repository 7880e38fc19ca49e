//! The words by which forms are laid out. All texts are compared as [`normalise`] writes them.
//!
//! [`normalise`]: crate::text::normalise

mod around;
mod headers;
mod measures;
mod plain;
mod rows;

pub(super) use around::{is_conditional, is_end};
pub(super) use headers::{
    is_average_header, is_change, is_code_header, is_date_header, is_figure_header,
    is_identity_header, is_label_header, is_level_header, is_mark_header, is_method_header,
    is_number_of_paper, is_one_or_other, is_ordinal_header, is_percent, is_place_header,
    is_plan_header, is_price_header, is_quantity_header, is_rate_header, is_result_header,
    is_text_header, is_unit_header, is_yes_or_no, may_be_code_header, may_be_negative,
    may_be_text_header, may_head_units, says_done, tells_in_words,
};
pub(super) use measures::{
    counted_in, counts_people, is_count_header, is_counted, is_measure_header, is_measured,
    is_open_header, names_people, unit_in,
};
pub(super) use plain::without_marks;
pub(super) use rows::{
    begins_list, behind_division, behind_part, divides_a_total, divides_rows, is_cumulative,
    is_division, is_ordinal, is_part, is_total, subtotal_of, summed_name,
};
