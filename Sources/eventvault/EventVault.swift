import EventVaultCommands

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

@main
enum EventVault {
  static func main() async {
    let code = await Tool.main()
    exit(code.rawValue)
  }
}
