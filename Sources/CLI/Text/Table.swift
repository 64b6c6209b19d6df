/// Rows in aligned columns.
struct Table {
    private let header: [String]
    private let rightAligned: Set<Int>
    private var rows: [[Cell]] = []

    /// A cell: its text (clean already) and its look.
    struct Cell {
        let text: String
        let style: Output.Style?

        init(_ text: String, _ style: Output.Style? = nil) {
            self.text = text
            self.style = style
        }
    }

    /// A table with the column titles `header`; the columns in `right` are aligned to the right.
    init(_ header: [String], right: Set<Int> = []) {
        self.header = header
        rightAligned = right
    }

    /// Whether it has no rows.
    var isEmpty: Bool { rows.isEmpty }

    /// Adds a row; it has a cell for each column.
    mutating func add(_ cells: [Cell]) {
        precondition(
            cells.count == header.count, "a row of \(cells.count) cells in a table of \(header.count)")
        rows.append(cells)
    }

    /// The lines of the table, title first; none for a table without rows.
    func lines(_ output: Output) -> [String] {
        if rows.isEmpty { return [] }
        var widths = header.map { TextWidth.columns($0) }
        for row in rows {
            for (index, cell) in row.enumerated() {
                widths[index] = max(widths[index], TextWidth.columns(cell.text))
            }
        }
        let title = header.map { Cell($0, .dim) }
        return ([title] + rows).map { line($0, widths, output) }
    }

    private func line(_ cells: [Cell], _ widths: [Int], _ output: Output) -> String {
        var line = ""
        for (index, cell) in cells.enumerated() {
            let missing = String(repeating: " ", count: widths[index] - TextWidth.columns(cell.text))
            let text = cell.text.isEmpty ? "" : cell.style.map { output.styled(cell.text, $0) } ?? cell.text
            line +=
                (index == 0 ? "" : "  ") + (rightAligned.contains(index) ? missing + text : text + missing)
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}

/// Names and values, one a line, the empty ones left out.
enum Fields {
    static func lines(_ rows: [(String, String)], _ output: Output) -> [String] {
        let shown = rows.filter { !$0.1.isEmpty }
        let width = shown.map { TextWidth.columns($0.0) }.max() ?? 0
        return shown.map { name, value in
            output.styled(name, .dim) + String(repeating: " ", count: width - TextWidth.columns(name) + 2)
                + Output.clean(value)
        }
    }
}
