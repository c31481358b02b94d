import Capture

/// Every kind of Lake Formation and RAM that is captured.
public let grantKinds: [any CapturedKind] = [
  SettingsKind(), LocationKind(), LFTagKind(), LFTagExpressionKind(), TagAssignmentKind(),
  DataCellsFilterKind(), OptInKind(), GrantKind(), IdentityCenterKind(), ResourceShareKind(),
  InvitationKind(),
]
