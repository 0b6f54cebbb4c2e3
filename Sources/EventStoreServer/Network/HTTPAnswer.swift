/// An HTTP answer's status, body, and what else its head says.
struct HTTPAnswer: Equatable {
  var status: Int
  var contentType: String
  var body: String
  /// A header that the status asks for.
  var header: Header?

  /// A line of the head.
  struct Header: Equatable {
    var name: String
    var value: String
  }

  private static let json = "application/json; charset=utf-8"
  private static let text = "text/plain; charset=utf-8"

  static func json(_ body: String) -> HTTPAnswer { HTTPAnswer(status: 200, contentType: json, body: body) }

  static func json(_ body: IndentedJSON) -> HTTPAnswer { json(body.text) }

  static func text(_ status: Int, _ body: String) -> HTTPAnswer {
    HTTPAnswer(status: status, contentType: text, body: body + "\n")
  }

  static let notFound = text(404, "not found")

  /// - Parameter methods: those that are allowed.
  static func notAllowed(_ methods: String) -> HTTPAnswer {
    var answer = text(405, "only \(methods) is answered here")
    answer.header = Header(name: "Allow", value: methods)
    return answer
  }

  /// Who asks may not, or is not known; as by a real server, both are 401.
  static func unauthorized(_ body: IndentedJSON? = nil) -> HTTPAnswer {
    var answer = body.map { json($0) } ?? text(401, "Unauthorized")
    answer.status = 401
    answer.header = Header(name: "WWW-Authenticate", value: "Basic realm=\"ES\"")
    return answer
  }
}
