/// How the page looks: on wide and narrow screens, by day and by night, and on paper.
enum Stylesheet {
  static let css: HTML = """
    :root {
      color-scheme: light dark;
      --page: #f6f5f2; --card: #ffffff; --ink: #20242a; --faint: #5b636d; --line: #e0ded8;
      --good: #17633f; --good-tint: #e8f2ec; --warning: #7d5200; --warning-tint: #faf1dd;
      --bad: #9d1f24; --bad-tint: #faeaea; --plain: #34506f; --plain-tint: #eaf0f6;
      --reading: #8b95a3; --safety: #bd8430; --catalog: #38699f; --access: #7c5c9f;
      --services: #4d8a86;
    }
    @media screen and (prefers-color-scheme: dark) {
      :root {
        --page: #131518; --card: #1a1d21; --ink: #e4e4e0; --faint: #a2a8b0; --line: #30343a;
        --good: #82cba7; --good-tint: #16251e; --warning: #e3bb6c; --warning-tint: #2a2315;
        --bad: #f2a0a0; --bad-tint: #311b1d; --plain: #a9c4e0; --plain-tint: #1a232e;
        --reading: #7d8795; --safety: #c9944a; --catalog: #6a9bd1; --access: #a98bcb;
        --services: #7cb8b2;
      }
    }
    * { box-sizing: border-box; }
    body {
      margin: 0; background: var(--page); color: var(--ink);
      font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", sans-serif;
      font-variant-numeric: tabular-nums; overflow-wrap: anywhere;
    }
    main { max-width: 60rem; margin: 0 auto; padding: 2rem 1.25rem 3rem; }
    h1, h2, h3, p, dl, dd, ul, figure { margin: 0; padding: 0; }
    h1 { font-size: 2.1rem; line-height: 1.15; font-weight: 650; letter-spacing: -0.01em; }
    h2 { font-size: 1.2rem; font-weight: 650; margin-bottom: .75rem; }
    h3 { font-size: 1rem; font-weight: 600; }
    code { font: .875em/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
    section { margin-top: 2.5rem; }
    section p + p, section p + ul, section p + pre { margin-top: .5rem; }
    ul { list-style: none; }
    .whole { white-space: nowrap; }
    section ul + p, section ul + ul { margin-top: .75rem; }
    .faint, caption, footer, .eyebrow { color: var(--faint); }
    .good { --tone: var(--good); --tint: var(--good-tint); }
    .warning { --tone: var(--warning); --tint: var(--warning-tint); }
    .bad { --tone: var(--bad); --tint: var(--bad-tint); }
    .plain { --tone: var(--plain); --tint: var(--plain-tint); }
    """

  static let verdict: HTML = """
    .verdict { background: var(--tint); border-radius: 14px; padding: 1.75rem; }
    .eyebrow { font-size: .9rem; margin-bottom: .75rem; }
    .say { display: flex; gap: .9rem; align-items: center; color: var(--tone); }
    .say svg { flex: none; width: 2.75rem; height: 2.75rem; }
    .lede { font-size: 1.125rem; margin: .75rem 0 1.5rem; max-width: 42rem; }
    .facts {
      display: grid; grid-template-columns: repeat(2, 1fr); gap: 1px; overflow: hidden;
      background: var(--line); border: 1px solid var(--line); border-radius: 10px;
    }
    .facts > div { background: var(--card); padding: .9rem 1.1rem 1rem; }
    .facts dt { font-size: .875rem; color: var(--faint); }
    .facts dd b { display: block; font-size: 1.25rem; font-weight: 620; line-height: 1.3; }
    .facts dd b.tone { color: var(--tone); }
    .facts dd span { color: var(--faint); font-size: .925rem; }
    .meter {
      position: relative; display: block; height: 6px; margin: .5rem 0 .3rem;
      border-radius: 3px; background: var(--line);
    }
    .meter i { display: block; height: 100%; min-width: 6px; border-radius: 3px;
      background: var(--tone); }
    .meter u { position: absolute; top: -4px; width: 2px; height: 14px; background: var(--ink); }
    .next { border-left: 4px solid var(--tone); padding-left: 1.1rem; }
    .next li + li { margin-top: 1rem; }
    pre { margin: .5rem 0 0; padding: .7rem .9rem; border-radius: 8px; background: var(--card);
      border: 1px solid var(--line); white-space: pre-wrap; }
    """

  static let body: HTML = """
    .card { background: var(--card); border: 1px solid var(--line); border-radius: 10px;
      padding: 1rem 1.1rem; }
    .card + .card { margin-top: .75rem; }
    .card h3 code { font-weight: 500; }
    .card .said { margin-top: .35rem; }
    .card .said b { display: block; color: var(--bad); font-weight: 600; }
    .card .todo { margin-top: .35rem; }
    .keys { font-size: .95rem; margin: .35rem 0 1rem; }
    .keys li { padding: .3rem 0; border-top: 1px solid var(--line); line-height: 1.4; }
    .notes li { padding-left: 1.1rem; position: relative; }
    .notes li + li { margin-top: .5rem; }
    .notes li::before { content: ""; position: absolute; left: 0; top: .62em; width: 6px;
      height: 6px; border-radius: 50%; background: var(--tone, var(--faint)); }
    .checks { display: grid; grid-template-columns: repeat(4, 1fr); gap: .75rem; }
    .checks > div { border-top: 3px solid var(--tone); padding-top: .5rem; }
    .checks dt { color: var(--faint); font-size: .875rem; }
    .checks dd { font-size: 1.5rem; font-weight: 620; line-height: 1.2; }
    .checks dd.small { font-size: .875rem; font-weight: 400; color: var(--faint); line-height: 1.4;
      margin-top: .2rem; }
    .found { margin-top: 1.25rem; }
    table { width: 100%; border-collapse: collapse; }
    caption { text-align: left; font-size: .925rem; padding-bottom: .4rem; }
    th, td { text-align: left; font-weight: 400; padding: .45rem .75rem .45rem 0;
      border-top: 1px solid var(--line); vertical-align: top; }
    thead th { color: var(--faint); font-size: .875rem; border-top: 0; }
    .number { text-align: right; padding-right: 0; white-space: nowrap; }
    td.number { padding-left: .75rem; }
    .number + th:not(.number), .number + td:not(.number) { padding-left: 1.5rem; }
    figure + p { margin-top: .75rem; }
    table:not(.broad) { max-width: 26rem; }
    table + table { margin-top: 1.5rem; }
    details { margin-top: 1.25rem; }
    details[open] summary { margin-bottom: 1rem; }
    summary { cursor: pointer; color: var(--faint); }
    footer { margin-top: 3rem; padding-top: 1rem; border-top: 1px solid var(--line);
      font-size: .875rem; }
    """

  static let picture: HTML = """
    .gantt { display: block; width: 100%; height: auto; fill: var(--ink); font-family: inherit; }
    .gantt.narrow { display: none; }
    .gantt .heading { font-weight: 600; }
    .gantt .tick, .gantt .faint { fill: var(--faint); font-size: .92em; }
    .gantt .grid, .gantt .rule { stroke: var(--line); stroke-width: 1; }
    .gantt line.marker { stroke: var(--ink); stroke-width: 1.5; stroke-dasharray: 4 3; }
    .gantt text.marker { font-weight: 600; }
    .reading { fill: var(--reading); background: var(--reading); }
    .safety { fill: var(--safety); background: var(--safety); }
    .catalog { fill: var(--catalog); background: var(--catalog); }
    .access { fill: var(--access); background: var(--access); }
    .services { fill: var(--services); background: var(--services); }
    .other { fill: var(--faint); background: var(--faint); }
    .legend { display: flex; flex-wrap: wrap; gap: .3rem 1.25rem; margin-top: .75rem;
      font-size: .875rem; color: var(--faint); }
    .legend span { display: flex; align-items: baseline; }
    .legend i { flex: none; width: .75rem; height: .75rem; border-radius: 3px;
      margin-right: .45rem; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
    @media (max-width: 700px) {
      main { padding: 1rem 1rem 2rem; }
      h1 { font-size: 1.6rem; }
      .verdict { padding: 1.1rem; margin: 0 -.5rem; }
      .say svg { width: 2.25rem; height: 2.25rem; }
      .lede { font-size: 1.05rem; margin: .6rem 0 1.1rem; }
      .facts { grid-template-columns: 1fr; }
      .facts dd b { font-size: 1.1rem; }
      .checks { grid-template-columns: repeat(2, 1fr); }
      .gantt.wide { display: none; }
      .gantt.narrow { display: block; max-width: 30rem; }
      .broad thead { position: absolute; width: 1px; height: 1px; overflow: hidden;
        clip-path: inset(50%); }
      .broad, .broad tbody, .broad tr, .broad tbody th, .broad td, .broad caption {
        display: block; }
      .broad tr { padding: .6rem 0; border-top: 1px solid var(--line); }
      .broad tbody th, .broad td { border: 0; padding: .1rem 0; text-align: left; }
      .broad td::before { content: attr(data-label) " "; color: var(--faint); font-size: .875rem; }
      .broad td.number { display: inline-block; margin-right: 1.25rem; }
      .number + td:not(.number) { padding-left: 0; }
      .script { word-break: break-all; }
    }
    @media print {
      :root { --page: #ffffff; }
      body, :root { font-size: 10pt; }
      main { max-width: none; padding: 0; }
      section { margin-top: 1.5rem; }
      .verdict { padding: 1rem 1.25rem; }
      .lede { margin: .4rem 0 .9rem; }
      .gantt { max-width: 88%; }
      .verdict, .meter, .meter i, .notes li::before { print-color-adjust: exact;
        -webkit-print-color-adjust: exact; }
      .card, .facts, tr, figure, .next { break-inside: avoid; }
      h2 { break-after: avoid; }
      details:not([open]) { display: none; }
      .gantt.wide { display: block; }
      .gantt.narrow { display: none; }
    }
    """

  /// Beside `picture`, where sharing is drawn.
  static let sharing: HTML = """
    .sharing .arc { fill: none; stroke: var(--catalog); opacity: .75; }
    .sharing .tip { fill: var(--catalog); }
    .sharing .up .arc { stroke: var(--bad); stroke-dasharray: 5 3; }
    .sharing .up .tip { fill: var(--bad); }
    .sharing circle { fill: var(--ink); }
    """

  /// Beside `picture`, where a drill or what was measured is told.
  static let drill: HTML = """
    .word { color: var(--tone); font-weight: 600; }
    .finding { border-left: 4px solid var(--tone); }
    .finding .keys { margin: .5rem 0; }
    .below { margin: 1rem 0; }
    .broad .meter { min-width: 9rem; }
    .trend .met { fill: var(--good); }
    .trend .missed { fill: var(--bad); }
    """
}
