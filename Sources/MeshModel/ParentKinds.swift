extension Kind {
  /// Kinds below whose records others are listed.
  public static let database = Kind("glue", "database", belongsToDatabase: true)
  public static let table = Kind("glue", "table", belongsToDatabase: true)
}
