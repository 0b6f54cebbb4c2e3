// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "Fuzz",
  dependencies: [.package(name: "eventvault", path: "..")],
  targets: [
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        .product(name: "EventStoreClient", package: "eventvault"),
        .product(name: "EventArchive", package: "eventvault"),
      ],
      swiftSettings: [.swiftLanguageMode(.v6)])
  ]
)
