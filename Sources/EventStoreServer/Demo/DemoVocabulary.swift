/// The words of the demo shop; none needs an escape in JSON.
enum DemoVocabulary {
  static let people = [
    "Zoë Müller", "Søren Kjærgård", "李小明", "Ольга Иванова", "محمد علي", "Ngũgĩ Wanjirũ", "José Nuñez", "Łukasz Żółć",
    "さくら 田中", "Ἑλένη Παπαδάκη", "Anna Smith", "Dvořák Jiří", "김민준", "आरती शर्मा", "Emma 🦊 Fox", "Mary O'Neill",
  ]

  static let cities = [
    "Köln", "København", "北京", "Санкт-Петербург", "القاهرة", "Nairobi", "São Paulo", "Łódź", "Kraków", "Bern",
  ]

  static let products = [
    "espresso cups", "wool blanket", "oak desk", "reading lamp", "Käsereibe", "teapot 茶壺", "rain coat", "notebook",
  ]

  static let users = ["anna", "bogdan", "chen", "dora", "web", "batch-import"]

  static let currencies = ["EUR", "USD", "PLN", "JPY"]

  static let carriers = ["DHL", "PostNord", "La Poste", "ヤマト運輸"]

  static let notes = [
    "Bitte beim Nachbarn abgeben 🙏", "звонить после 18:00", "配達は午後のみ", "Leave at the door", "اتصل قبل التسليم",
  ]

  /// Streams whose names a careless tool would break.
  static let awkwardStreams = [
    "notes-Zoë Müller", "заметки-Ольга", "メモ-さくら", "notes/2025/Q1 (draft)", "notes-🦊", "notes-a@b#c%20d",
    "notes-e\u{301}",
  ]
}
