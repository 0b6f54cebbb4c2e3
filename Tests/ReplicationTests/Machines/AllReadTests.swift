import EventArchive
import EventStoreCore
import Replication
import Testing

@Suite struct AllReadStateMachineTests {
  private func page(_ events: [ResolvedEvent], at position: Position, next: Position) -> AllPage {
    AllPage(events: events, position: position, nextPosition: next)
  }

  private func positions(_ verdict: AllReadStateMachine.Verdict) -> [Position?] {
    verdict.taken.map(\.position)
  }

  @Test("Without a checkpoint reading begins at the start and goes on where each page says")
  func fromTheStart() throws {
    var machine = AllReadStateMachine(after: nil, until: at(30), includeSystem: false)
    expect(machine.nextPosition, is: .start)
    expect(machine.reached, is: nil)
    let first = try machine.pageArrived(
      page([resolved(0), resolved(10)], at: .start, next: Position(commit: 20, prepare: 0)))
    #expect(positions(first) == [at(0), at(10)])
    #expect(first.next == .read(from: Position(commit: 20, prepare: 0)))
    expect(machine.nextPosition, is: Position(commit: 20, prepare: 0))
    let second = try machine.pageArrived(
      page([resolved(20), resolved(30)], at: Position(commit: 20, prepare: 0), next: Position(commit: 40, prepare: 0)))
    #expect(positions(second) == [at(20), at(30)])
    #expect(second.next == .end)
    expect(machine.reached, is: at(30))
  }

  @Test("A resume reads from the checkpoint, which is inclusive, and drops everything not after it")
  func resume() throws {
    let checkpoint = Position(commit: 20, prepare: 12)
    var machine = AllReadStateMachine(after: checkpoint, until: at(30), includeSystem: false)
    expect(machine.nextPosition, is: checkpoint)
    let verdict = try machine.pageArrived(
      page(
        [resolved(10), resolved(20, prepare: 11), resolved(20, prepare: 12), resolved(20, prepare: 14), resolved(30)],
        at: checkpoint, next: Position(commit: 40, prepare: 0)))
    #expect(positions(verdict) == [Position(commit: 20, prepare: 14), at(30)])
    #expect(verdict.next == .end)
  }

  @Test("What is written after the run began is not read, though a page brings it")
  func stopsAtTheEnd() throws {
    var machine = AllReadStateMachine(after: nil, until: at(10), includeSystem: false)
    let verdict = try machine.pageArrived(
      page([resolved(0), resolved(10), resolved(20), resolved(30)], at: .start, next: Position(commit: 40, prepare: 0)))
    #expect(positions(verdict) == [at(0), at(10)])
    #expect(verdict.next == .end)
    expect(machine.reached, is: at(10))
  }

  @Test("The commit that was the end is read whole, also across pages and when the end was seen in its middle")
  func commitsAreNotCut() throws {
    let until = Position(commit: 50, prepare: 41)
    var machine = AllReadStateMachine(after: nil, until: until, includeSystem: false)
    let first = try machine.pageArrived(
      page([resolved(50, prepare: 40), resolved(50, prepare: 41)], at: .start, next: Position(commit: 50, prepare: 42)))
    #expect(first.taken.isEmpty && first.next == .read(from: Position(commit: 50, prepare: 42)))
    expect(machine.reached, is: nil)
    let second = try machine.pageArrived(
      page(
        [resolved(50, prepare: 42), resolved(50, prepare: 43), resolved(60)], at: Position(commit: 50, prepare: 42),
        next: Position(commit: 70, prepare: 0)))
    #expect(positions(second) == (40...43).map { Position(commit: 50, prepare: $0) })
    #expect(second.next == .end)
  }

  @Test("The events of a commit are handed out together, when something after them shows that there are no more")
  func commitsTogether() throws {
    var machine = AllReadStateMachine(after: nil, until: at(70), includeSystem: false)
    let first = try machine.pageArrived(
      page([resolved(0), resolved(50, prepare: 40)], at: .start, next: Position(commit: 50, prepare: 41)))
    #expect(positions(first) == [at(0)])
    expect(machine.reached, is: at(0))
    let second = try machine.pageArrived(
      page([resolved(50, prepare: 41)], at: machine.nextPosition, next: Position(commit: 50, prepare: 42)))
    #expect(second.taken.isEmpty)
    let third = try machine.pageArrived(
      page([resolved(60)], at: machine.nextPosition, next: Position(commit: 70, prepare: 0)))
    #expect(positions(third) == [Position(commit: 50, prepare: 40), Position(commit: 50, prepare: 41), at(60)])
  }

  @Test("What was held of a commit when reading begins again is read again, and handed out once")
  func restartedWithinACommit() throws {
    var machine = AllReadStateMachine(after: nil, until: at(70), includeSystem: false)
    _ = try machine.pageArrived(
      page([resolved(0), resolved(50, prepare: 40)], at: .start, next: Position(commit: 50, prepare: 41)))
    machine.restarted(after: machine.reached)
    let again = try machine.pageArrived(
      page(
        [resolved(0), resolved(50, prepare: 40), resolved(50, prepare: 41), resolved(60)], at: at(0),
        next: Position(commit: 70, prepare: 0)))
    #expect(positions(again) == [Position(commit: 50, prepare: 40), Position(commit: 50, prepare: 41), at(60)])
  }

  @Test("A feed's commit is handed out when another follows it, or when the feed is live")
  func feedCommits() throws {
    var machine = AllReadStateMachine(after: at(10), until: nil, includeSystem: false)
    let history = try machine.eventsArrived([resolved(20), resolved(50, prepare: 40)], isLive: false)
    #expect(positions(history) == [at(20)])
    let live = try machine.eventsArrived([resolved(50, prepare: 41)], isLive: true)
    #expect(positions(live) == [Position(commit: 50, prepare: 40), Position(commit: 50, prepare: 41)])
  }

  @Test("Prepare positions may go back from one commit to the next")
  func prepareGoesBack() throws {
    var machine = AllReadStateMachine(after: nil, until: at(60), includeSystem: false)
    let verdict = try machine.pageArrived(
      page(
        [resolved(40), resolved(50, prepare: 20), resolved(60)], at: .start, next: Position(commit: 70, prepare: 0)))
    #expect(positions(verdict) == [at(40), Position(commit: 50, prepare: 20), at(60)])
  }

  @Test("A page may be empty or short before the end; only one that leads nowhere is the end")
  func emptyPages() throws {
    var machine = AllReadStateMachine(after: nil, until: at(100), includeSystem: false)
    let empty = try machine.pageArrived(page([], at: .start, next: Position(commit: 50, prepare: 0)))
    #expect(empty.taken.isEmpty && empty.next == .read(from: Position(commit: 50, prepare: 0)))
    let end = try machine.pageArrived(
      page([], at: Position(commit: 50, prepare: 0), next: Position(commit: 50, prepare: 0)))
    #expect(end.next == .end)
  }

  @Test("System streams are left out, counted and remembered; the metadata of users' streams are the users'")
  func systemStreams() throws {
    let events = [
      resolved(0, stream: "$settings"), resolved(10, stream: "s"), resolved(20, stream: "$$s"),
      resolved(30, stream: "$$$stats"), resolved(40, stream: "$ce-s"), resolved(50, stream: "$"),
    ]
    let all = page(events, at: .start, next: Position(commit: 60, prepare: 0))
    var machine = AllReadStateMachine(after: nil, until: at(50), includeSystem: false)
    let verdict = try machine.pageArrived(all)
    #expect(positions(verdict) == [at(10), at(20)])
    #expect(verdict.leftOut == 4)
    expect(machine.reached, is: at(50))
    #expect(machine.anchors.first == Anchor(position: at(50), id: id(50)))

    var withSystem = AllReadStateMachine(after: nil, until: at(50), includeSystem: true)
    let everything = try withSystem.pageArrived(all)
    #expect(everything.taken.count == 6 && everything.leftOut == 0)
  }

  @Test("The newest events are the anchors, newest first and not too many, old ones kept from before")
  func anchors() throws {
    let before = [Anchor(position: at(9), id: id(9)), Anchor(position: at(8), id: id(8))]
    var machine = AllReadStateMachine(after: at(9), anchors: before, until: nil, includeSystem: false, anchorCount: 3)
    _ = try machine.pageArrived(page([resolved(9), resolved(20)], at: at(9), next: Position(commit: 30, prepare: 0)))
    #expect(machine.anchors.map(\.position) == [at(20), at(9), at(8)])
    _ = try machine.eventsArrived([resolved(30), resolved(40)], isLive: true)
    #expect(machine.anchors.map(\.position) == [at(40), at(30), at(20)])
  }

  @Test("A link is archived as the link, not as what it leads to")
  func links() throws {
    var link = resolved(10, stream: "links")
    link.link = link.event
    link.link?.type = .link
    link.event = resolved(0).event
    var machine = AllReadStateMachine(after: nil, until: at(10), includeSystem: false)
    let verdict = try machine.pageArrived(page([link], at: .start, next: Position(commit: 20, prepare: 0)))
    #expect(verdict.taken.map(\.type) == [.link] && verdict.taken.map(\.stream) == ["links"])
    #expect(positions(verdict) == [at(10)])
  }

  @Test("A source that goes back, repeats a position, gives none, or leads back is refused")
  func refusesNonsense() {
    var machine = AllReadStateMachine(after: nil, until: nil, includeSystem: false)
    func code(_ page: AllPage) -> ReplicationError.Code? {
      do {
        _ = try machine.pageArrived(page)
        return nil
      } catch {
        return error.code
      }
    }
    #expect(code(page([resolved(10), resolved(5)], at: .start, next: at(20))) == .unexpectedAnswer)
    machine = AllReadStateMachine(after: nil, until: nil, includeSystem: false)
    #expect(code(page([resolved(10), resolved(10)], at: .start, next: at(20))) == .unexpectedAnswer)
    machine = AllReadStateMachine(after: nil, until: nil, includeSystem: false)
    #expect(code(page([numbered(0)], at: .start, next: at(20))) == .unexpectedAnswer)
    machine = AllReadStateMachine(after: at(30), until: nil, includeSystem: false)
    #expect(code(page([resolved(40)], at: at(30), next: at(20))) == .unexpectedAnswer)
  }

  @Test("A feed's events continue after what was reached; repeats are dropped after a new beginning")
  func feed() throws {
    var machine = AllReadStateMachine(after: at(10), until: nil, includeSystem: false)
    let first = try machine.eventsArrived([resolved(10), resolved(20), resolved(30, stream: "$x")], isLive: true)
    #expect(positions(first) == [at(20)] && first.leftOut == 1)
    expect(machine.reached, is: at(30))
    machine.restarted(after: machine.reached)
    let second = try machine.eventsArrived([resolved(20), resolved(30), resolved(40)], isLive: true)
    #expect(positions(second) == [at(40)])
  }

  @Test("Begun again at the durable position, what was lost is taken again and nothing twice")
  func restarted() throws {
    var machine = AllReadStateMachine(after: nil, until: at(30), includeSystem: false)
    _ = try machine.pageArrived(
      page([resolved(0), resolved(10), resolved(20)], at: .start, next: Position(commit: 30, prepare: 0)))
    machine.restarted(after: at(10))
    expect(machine.nextPosition, is: at(10))
    let again = try machine.pageArrived(page([resolved(10), resolved(20), resolved(30)], at: at(10), next: at(40)))
    #expect(positions(again) == [at(20), at(30)])
    machine.restarted(after: nil)
    expect(machine.nextPosition, is: .start)
    expect(machine.reached, is: nil)
  }

  @Test("Passing over what cannot be read hands out the commit before it, and goes on behind it")
  func passedOver() throws {
    var machine = AllReadStateMachine(after: nil, until: at(90), includeSystem: false)
    _ = try machine.pageArrived(page([resolved(0), resolved(10)], at: .start, next: at(20)))
    let verdict = machine.passedOver(to: at(40))
    #expect(verdict.next == .read(from: at(40)))
    expect(machine.reached, is: at(10))
    let rest = try machine.pageArrived(page([resolved(40), resolved(90)], at: at(40), next: at(100)))
    #expect(positions(rest) == [at(40), at(90)] && rest.next == .end)
  }

  @Test("A commit of which one event cannot be read stays together")
  func passedOverWithinCommit() throws {
    var machine = AllReadStateMachine(after: nil, until: at(90), includeSystem: false)
    let first = page(
      [resolved(10), resolved(50, prepare: 20)], at: .start, next: Position(commit: 50, prepare: 30))
    let before = try machine.pageArrived(first)
    #expect(positions(before) == [at(10)])
    let verdict = machine.passedOver(to: Position(commit: 50, prepare: 40))
    #expect(verdict.taken.isEmpty)
    let rest = try machine.pageArrived(
      page([resolved(50, prepare: 40), resolved(90)], at: Position(commit: 50, prepare: 40), next: at(100)))
    #expect(positions(rest) == [Position(commit: 50, prepare: 20), Position(commit: 50, prepare: 40), at(90)])
  }

  @Test("What can be read again only behind the end is not read, and nothing is held back")
  func passedOverBeyondEnd() throws {
    var machine = AllReadStateMachine(after: nil, until: at(30), includeSystem: false)
    _ = try machine.pageArrived(page([resolved(10), resolved(20)], at: .start, next: at(25)))
    let verdict = machine.passedOver(to: at(40))
    #expect(verdict.next == .end)
    expect(machine.reached, is: at(20))
  }
}
