import Capture

/// Every kind of Lake Formation that is captured.
public let grantKinds: [any CapturedKind] = [
  SettingsKind(), LocationKind(), LFTagKind(), TagAssignmentKind(), DataCellsFilterKind(),
  GrantKind(),
]
