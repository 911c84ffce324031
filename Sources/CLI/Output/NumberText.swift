/// Numbers as people read them.
enum NumberText {
    /// 1234567 as `1,234,567`.
    static func grouped(_ value: Int) -> String {
        let digits = Array(String(value.magnitude).utf8)
        var bytes: [UInt8] = value < 0 ? [0x2D] : []
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { bytes.append(0x2C) }
            bytes.append(digit)
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A size in powers of 1024: `1.5 MiB`.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        for unit in ["bytes", "KiB", "MiB", "GiB"] {
            if value < 1024 {
                return unit == "bytes" ? "\(count) bytes" : "\(fixed(value, 1)) \(unit)"
            }
            value /= 1024
        }
        return "\(fixed(value, 1)) TiB"
    }

    /// A number with so many digits behind the point, rounded half away from zero.
    static func fixed(_ value: Double, _ digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return JSON.text(value) }
        var scale = 1
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        let rest = String(scaled % scale)
        let zeros = String(repeating: "0", count: digits - rest.utf8.count)
        return "\(sign)\(scaled / scale).\(zeros)\(rest)"
    }

    /// Six significant digits at most, and all of those before the point: `0.307854`,
    /// `123456789.1`, `8.85764e-07`.
    static func significant(_ value: Double) -> String {
        guard value.isFinite else { return JSON.text(value) }
        let magnitude = abs(value)
        if magnitude < 1e15, value == value.rounded() { return fixed(value, 0) }
        guard (1e-4..<1e15).contains(magnitude) else { return scientific(value) }
        if magnitude >= 1e6 { return trimmed(fixed(value, 1)) }
        var digits = 5
        var bound = 10.0
        while magnitude >= bound, digits > 1 {
            digits -= 1
            bound *= 10
        }
        bound = 1
        while magnitude < bound, digits < 9 {
            digits += 1
            bound /= 10
        }
        return trimmed(fixed(value, digits))
    }

    /// The shortest text that is the number, with a mantissa of six digits at most.
    private static func scientific(_ value: Double) -> String {
        let text = value.description
        let parts = text.split(separator: "e")
        guard parts.count == 2, let mantissa = Double(parts[0]), let exponent = Int(parts[1])
        else { return trimmed(text) }
        let rounded = trimmed(fixed(mantissa, 5))
        let carries = abs(mantissa) > 9.999995
        let power = exponent + (carries ? 1 : 0)
        let digits = power.magnitude < 10 ? "0\(power.magnitude)" : "\(power.magnitude)"
        let sign = power < 0 ? "-" : "+"
        return "\(carries ? (mantissa < 0 ? "-1" : "1") : rounded)e\(sign)\(digits)"
    }

    /// Minutes as a person says them: `45 min`, `2 h`, `2 h 15 min`.
    static func minutes(_ minutes: Int64) -> String {
        let (hours, rest) = minutes.quotientAndRemainder(dividingBy: 60)
        if hours == 0 { return "\(rest) min" }
        let hoursText = grouped(Int(hours))
        return rest == 0 ? "\(hoursText) h" : "\(hoursText) h \(rest) min"
    }

    /// "1 edge", "2 edges"; a plural that is no mere s is given.
    static func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
    }

    /// A decimal without zeros at its end.
    static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var bytes = Array(text.utf8)
        while bytes.last == 0x30 { bytes.removeLast() }
        if bytes.last == 0x2E { bytes.removeLast() }
        return String(decoding: bytes, as: UTF8.self)
    }
}
