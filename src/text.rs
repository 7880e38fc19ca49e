//! stub
pub fn normalise(s: &str) -> String {
    s.trim().to_lowercase()
}
pub fn nearest<'a>(wanted: &str, c: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    c.min_by_key(|x| strsim::osa_distance(x, wanted))
}
pub fn label_key(s: &str) -> String {
    normalise(s)
}
pub fn fold(s: &str) -> String {
    normalise(s)
}
pub fn slug(s: &str) -> String {
    s.to_owned()
}
