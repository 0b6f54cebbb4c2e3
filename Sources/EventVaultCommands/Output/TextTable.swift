/// Columns for people: text to the left, numbers to the right, two spaces between.
package struct TextTable {
  /// How a column stands.
  package enum Column: Sendable {
    case text(String)
    case number(String)

    var title: String {
      switch self {
      case .text(let title), .number(let title): title
      }
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  package init(_ columns: [Column]) {
    self.columns = columns
  }

  /// Adds a row with one cell per column.
  package mutating func add(_ cells: [String]) {
    precondition(cells.count == columns.count, "a row needs one cell per column")
    rows.append(cells)
  }

  /// The titles and the rows, without white space at line ends.
  package var lines: [String] {
    let all = [columns.map(\.title)] + rows
    let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      let cells = columns.indices.map { column in
        let padding = String(repeating: " ", count: widths[column] - row[column].count)
        return switch columns[column] {
        case .text: row[column] + padding
        case .number: padding + row[column]
        }
      }
      let line = cells.joined(separator: "  ")
      return String(
        line.prefix(line.lastIndex { $0 != " " }.map { line.distance(from: line.startIndex, to: $0) + 1 } ?? 0))
    }
  }
}
