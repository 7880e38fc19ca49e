//! Letters that a program wrote as «?» because its encoding has none of them: Vietnamese saved as plain
//! CSV on a Western Windows.

/// Words with such a sign inside, from which a text is taken for one without its
/// letters.
const LEAST: usize = 4;

/// Has a text lost its letters? A question mark ends a word and stands in none; in one of eight at least
/// it does.
pub(super) fn are_lost(text: &str) -> bool {
    let is_lost = |word: &str| {
        let mut parts = word.split('?');
        let begins = parts.next().is_some_and(|part| !part.is_empty());
        begins && parts.any(|part| !part.is_empty())
    };
    let words = || {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '?');
        words.filter(|word| word.contains(char::is_alphabetic))
    };
    let lost = words().filter(|word| is_lost(word)).count();
    lost >= LEAST && lost * 8 >= words().count()
}

#[cfg(test)]
mod tests {
    use super::are_lost;

    #[test]
    fn question_marks_within_words_are_lost_letters() {
        let western = "Bi?u s? 03-CT;;\nK? báo cáo: tháng 9 năm 2025\nÐon v? báo cáo: Xã M? L?c\n\
            STT;Tên công trình, h? đư?c h? tr?;T?ng s?\n1;Đư?ng ?p 1;1500\n;T?ng c?ng;1500\n";
        assert!(are_lost(western));
        let right =
            "Biểu số 03-CT;;\nĐơn vị báo cáo: Xã Mỹ Lộc\nSTT;Tên?;Đã xong?\n1;Đường ấp 1;có?\n";
        assert!(!are_lost(right));
        assert!(!are_lost(
            "http://a.vn/?b=1;http://a.vn/?c=2;/?d;/?e\n1;2;3;4 và nhiều chữ khác nữa, rất nhiều chữ, không mất chữ nào, còn đủ dấu của tiếng Việt, dài hơn thế nhiều"
        ));
    }
}
