/// The functions that the executor knows, by their names in lower case.
enum FunctionID: String {
    // Graph
    case labels, type, id, properties, keys, nodes, relationships, length, exists, degree
    case elementID = "elementid"
    case startNode = "startnode"
    case endNode = "endnode"
    // Lists
    case size, head, last, tail, reverse, range, coalesce
    case isEmpty = "isempty"
    // Strings
    case trim, btrim, substring, left, right, replace, split, lower, upper
    case toLower = "tolower"
    case toUpper = "toupper"
    case leftTrim = "ltrim"
    case rightTrim = "rtrim"
    case charLength = "char_length"
    case characterLength = "character_length"
    case randomUUID = "randomuuid"
    // Mathematics
    case ceil, floor, sqrt, exp, log, ln, log10, sin, cos, tan, cot, asin, acos, atan, atan2
    case sinh, cosh, tanh, degrees, radians, haversin, abs, sign, round, pi, e, rand, timestamp
    case isNaN = "isnan"
    // Conversions
    case toBoolean = "toboolean"
    case toInteger = "tointeger"
    case toFloat = "tofloat"
    case toString = "tostring"
    case toBooleanOrNull = "tobooleanornull"
    case toIntegerOrNull = "tointegerornull"
    case toFloatOrNull = "tofloatornull"
    case toStringOrNull = "tostringornull"
    case toBooleanList = "tobooleanlist"
    case toIntegerList = "tointegerlist"
    case toFloatList = "tofloatlist"
    case toStringList = "tostringlist"
    case valueType = "valuetype"
    case nullIf = "nullif"
    // Temporal values
    case date
    case dateTransaction = "date.transaction"
    case dateStatement = "date.statement"
    case dateRealtime = "date.realtime"
    case dateTruncate = "date.truncate"
    case localTime = "localtime"
    case localTimeTransaction = "localtime.transaction"
    case localTimeStatement = "localtime.statement"
    case localTimeRealtime = "localtime.realtime"
    case localTimeTruncate = "localtime.truncate"
    case time
    case timeTransaction = "time.transaction"
    case timeStatement = "time.statement"
    case timeRealtime = "time.realtime"
    case timeTruncate = "time.truncate"
    case localDateTime = "localdatetime"
    case localDateTimeTransaction = "localdatetime.transaction"
    case localDateTimeStatement = "localdatetime.statement"
    case localDateTimeRealtime = "localdatetime.realtime"
    case localDateTimeTruncate = "localdatetime.truncate"
    case dateTime = "datetime"
    case dateTimeTransaction = "datetime.transaction"
    case dateTimeStatement = "datetime.statement"
    case dateTimeRealtime = "datetime.realtime"
    case dateTimeTruncate = "datetime.truncate"
    case dateTimeFromEpoch = "datetime.fromepoch"
    case dateTimeFromEpochMillis = "datetime.fromepochmillis"
    case duration
    case durationBetween = "duration.between"
    case durationInMonths = "duration.inmonths"
    case durationInDays = "duration.indays"
    case durationInSeconds = "duration.inseconds"
    // Points
    case point, distance
    case pointDistance = "point.distance"
    case pointWithinBox = "point.withinbbox"

    /// Whether null among the arguments does not make the result null.
    var takesNull: Bool {
        switch self {
        case .coalesce, .exists, .valueType, .nullIf, .toBooleanOrNull, .toIntegerOrNull,
            .toFloatOrNull, .toStringOrNull:
            true
        default: false
        }
    }
}
