// swift-tools-version: 6.2
import PackageDescription

/// Settings of every Swift target: Swift 6 mode, no warnings, imports that say what they expose.
let strict: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .treatAllWarnings(as: .error),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("MemberImportVisibility"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let nioCore = Target.Dependency.product(name: "NIOCore", package: "swift-nio")
let nioPosix = Target.Dependency.product(name: "NIOPosix", package: "swift-nio")
let nioEmbedded = Target.Dependency.product(name: "NIOEmbedded", package: "swift-nio")
let nioHTTP1 = Target.Dependency.product(name: "NIOHTTP1", package: "swift-nio")
let nioTLS = Target.Dependency.product(name: "NIOTLS", package: "swift-nio")
let nioSSL = Target.Dependency.product(name: "NIOSSL", package: "swift-nio-ssl")
let logging = Target.Dependency.product(name: "Logging", package: "swift-log")
let metrics = Target.Dependency.product(name: "CoreMetrics", package: "swift-metrics")
let metricsTestKit = Target.Dependency.product(name: "MetricsTestKit", package: "swift-metrics")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let argumentParser = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "eventvault",
  products: [
    .executable(name: "eventvault", targets: ["eventvault"]),
    .library(name: "EventStoreClient", targets: ["EventStoreClient"]),
    .library(name: "EventArchive", targets: ["EventArchive"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-log", from: "1.16.2"),
    .package(url: "https://github.com/apple/swift-metrics", from: "2.13.0"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
  ],
  targets: [
    // Where the C libraries are.
    .systemLibrary(
      name: "CProtobufC", pkgConfig: "libprotobuf-c", providers: [.apt(["libprotobuf-c-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(name: "CEventStoreProtos", dependencies: ["CProtobufC"]),

    // From the bytes up.
    .target(name: "Zstd", dependencies: ["CZstd"], swiftSettings: strict),
    .target(name: "EventStoreCore", swiftSettings: strict),
    .target(
      name: "EventStoreWire",
      dependencies: ["EventStoreCore", "CEventStoreProtos", "CProtobufC", nioCore],
      swiftSettings: strict),
    .target(
      name: "EventStoreTCP",
      dependencies: ["EventStoreCore", "EventStoreWire", nioCore, nioPosix, nioTLS, nioSSL, logging, metrics],
      swiftSettings: strict),
    .target(
      name: "EventStoreClient",
      dependencies: [
        "EventStoreCore", "EventStoreTCP", nioCore, nioPosix, nioHTTP1, nioSSL, logging,
      ],
      swiftSettings: strict),
    .target(
      name: "EventArchive", dependencies: ["EventStoreCore", "Zstd", crypto], swiftSettings: strict),
    .target(
      name: "Replication", dependencies: ["EventStoreCore", "EventArchive", crypto, logging],
      swiftSettings: strict),
    .target(
      name: "EventStoreServer",
      dependencies: [
        "EventStoreCore", "EventStoreWire", nioCore, nioPosix, nioHTTP1, nioSSL, logging,
      ],
      swiftSettings: strict),
    .target(
      name: "EventVaultCommands",
      dependencies: [
        "EventStoreCore", "EventStoreClient", "EventStoreTCP", "EventArchive", "Replication", "EventStoreServer",
        argumentParser, logging,
      ],
      swiftSettings: strict),
    .executableTarget(
      name: "eventvault", dependencies: ["EventVaultCommands"], swiftSettings: strict),

    // Measures what the others do; in no product, outside CI's tests (docs/BENCHMARKS.md).
    .executableTarget(
      name: "Benchmark",
      dependencies: ["EventStoreCore", "EventStoreClient", "EventArchive", "EventStoreServer", argumentParser],
      path: "Benchmarks/Sources", swiftSettings: strict),

    // Small programs to copy (examples/client): built as anybody's would be, with no settings of ours.
    .executableTarget(
      name: "PublishAndRead", dependencies: ["EventStoreClient"], path: "examples/client/PublishAndRead"),
    .executableTarget(
      name: "IterateStream", dependencies: ["EventStoreClient"], path: "examples/client/IterateStream"),
    .executableTarget(
      name: "PublishSequence", dependencies: ["EventStoreClient"], path: "examples/client/PublishSequence"),
    .executableTarget(
      name: "PlaceOrder", dependencies: ["EventStoreClient"], path: "examples/client/PlaceOrder"),
    .executableTarget(
      name: "SubscriptionWorker", dependencies: ["EventStoreClient"], path: "examples/client/SubscriptionWorker"),
    .executableTarget(
      name: "CatchUpProjection", dependencies: ["EventStoreClient"], path: "examples/client/CatchUpProjection"),
    .executableTarget(
      name: "DiscoverCluster", dependencies: ["EventStoreClient"], path: "examples/client/DiscoverCluster"),

    // Tests mirror Sources.
    .testTarget(name: "ZstdTests", dependencies: ["Zstd", "TestSupport"], swiftSettings: strict),
    .testTarget(name: "EventStoreCoreTests", dependencies: ["EventStoreCore", "TestSupport"], swiftSettings: strict),
    .testTarget(
      name: "EventStoreWireTests",
      dependencies: ["EventStoreWire", "EventStoreCore", "GoldenTraffic", "TestSupport", nioCore, nioEmbedded],
      swiftSettings: strict),
    .testTarget(
      name: "EventStoreTCPTests",
      dependencies: [
        "EventStoreTCP", "EventStoreWire", "EventStoreCore", "EventStoreServer", "GoldenTraffic", "TestSupport",
        nioCore, nioPosix, nioEmbedded, nioSSL, logging, metrics, metricsTestKit,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EventStoreClientTests",
      dependencies: [
        "EventStoreClient", "EventStoreTCP", "EventStoreWire", "EventStoreCore", "EventStoreServer", "GoldenTraffic",
        "TestSupport", nioCore, nioPosix, nioEmbedded, nioHTTP1, logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EventArchiveTests", dependencies: ["EventArchive", "EventStoreCore", "Zstd", "TestSupport", crypto],
      swiftSettings: strict),
    .testTarget(
      name: "ReplicationTests",
      dependencies: [
        "Replication", "EventArchive", "EventStoreServer", "EventStoreTCP", "EventStoreWire", "EventStoreCore",
        "TestSupport", logging,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EventStoreServerTests",
      dependencies: [
        "EventStoreServer", "EventStoreWire", "EventStoreCore", "GoldenTraffic", "TestSupport", nioCore, nioPosix,
        nioEmbedded, nioSSL,
      ],
      swiftSettings: strict),
    .testTarget(
      name: "EventVaultCommandsTests",
      dependencies: [
        "EventVaultCommands", "EventStoreCore", "EventStoreWire", "EventArchive", "EventStoreServer", "Replication",
        "GoldenTraffic", "eventvault", "TestSupport",
      ],
      swiftSettings: strict),
    // Whole runs, and everything that can go wrong between their parts.
    .testTarget(
      name: "FaultTests",
      dependencies: [
        "Replication", "EventArchive", "EventStoreTCP", "EventStoreServer", "EventStoreWire", "EventStoreCore",
        "TestSupport", nioCore, nioPosix, logging,
      ],
      swiftSettings: strict),
    // What the tests of several targets need; for tests only.
    .target(name: "TestSupport", path: "Tests/TestSupport", swiftSettings: strict),
    // The recorded traffic of a real server, and what reads it; for tests only.
    .target(
      name: "GoldenTraffic", path: "Tests/GoldenTraffic",
      resources: [.copy("Certificates"), .copy("Recordings")],
      swiftSettings: strict),
  ]
)
