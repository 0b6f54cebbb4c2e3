import EventStoreWire
import GoldenTraffic
import NIOCore

/// A recorded frame, and its name for a failure's report.
struct RecordedFrame: CustomStringConvertible {
  let recording: Recording
  let step: Step
  let bytes: ByteBuffer

  var description: String { "\(recording.scenario) \(step.sequence) \(step.command)" }

  /// Every recorded frame of every scenario; what is not exactly one frame is left out.
  static func all() throws -> [RecordedFrame] {
    try Recording.all.flatMap { recording in
      recording.steps.compactMap { step in
        guard let frame = step.frame, !step.isRaw else { return nil }
        return RecordedFrame(recording: recording, step: step, bytes: ByteBuffer(bytes: frame))
      }
    }
  }

  /// The frame, decoded.
  func frame() throws -> Frame {
    var rest = bytes
    var decoder = FrameDecoder()
    guard let frame = try decoder.decode(buffer: &rest), rest.readableBytes == 0 else {
      throw Unfinished(description: "not exactly one frame: \(self)")
    }
    return frame
  }

  struct Unfinished: Error, CustomStringConvertible {
    let description: String
  }
}
