/* What stands over and under the trails. */
function makeSummary() {
	const all = data.totals;
	const at = $("summary");
	const figure = (n, name) => el("div", null, el("dt", null, name), el("dd", null, number(n)));
	at.append(el("p", { class: "lead" }, all.credentials ? `${plural(all.credentials, "credential")} in the hands of ${plural(all.holders, "holder")}, the most urgent first.` : "No credentials were found."),
		el("dl", { class: "figures" }, figure(all.credentials, "credentials"), figure(all.findings, "findings"), figure(all.holders, "holders"), figure(all.zones, "zones"),
			figure(all.cross_tool, "cross-tool"), figure(all.cross_zone, "cross-zone"), figure(all.expired, "expired")));
	const has = levels.filter((level) => all.severity[level]);
	if (has.length) {
		const bar = el("div", { class: "spectrum", "aria-hidden": "true" }, ...has.map((level) => el("span", { class: level })));
		[...bar.children].forEach((span, n) => { span.style.flexGrow = all.severity[has[n]]; });
		at.append(bar, el("ul", { class: "legend" }, ...has.map((level) => el("li", null, dot(level), `${number(all.severity[level])} ${level}`))));
	}
	const broken = data.policies.filter((p) => !p.holds).length;
	const note = (tone, head, text) => el("p", { class: "note " + tone }, el("b", null, head + " "), text);
	at.append(el("div", { class: "notes" },
		data.complete ? note("fine", "Complete.", "Everything that should have been read was read.") : note("warn", "Not complete.", "Not everything could be read: there may be more credentials and more holders than are shown."),
		broken ? note("critical", plural(broken, "policy does not hold.", "policies do not hold."), "") : null,
		all.run_only ? note("", "Not comparable.", `${plural(all.run_only, "credential")} could be guessed, so ${all.run_only === 1 ? "its id is" : "their ids are"} good for this run only.`) : null,
		note("", "Ids:", inline(data.key.note + (data.key.id ? ` (${data.key.id})` : ""), el("span"))),
		data.left_out ? note("warn", "Cut.", `This page shows the ${number(trails.length)} most urgent trails; ${number(data.left_out)} more are in the JSON report.`) : null));
	const source = data.source || (data.sources ? "" : "report");
	$("source").textContent = data.sources ? `${source} ${plural(data.sources, "report")} merged`.trim() : source;
	document.title = `keytrail: ${plural(all.credentials, "credential")}${data.source ? " · " + data.source : ""}`;
}
const sheet = (heads, rows) => el("div", { class: "sheet" }, el("table", null,
	el("thead", null, el("tr", null, ...heads.map((text, n) => el("th", { scope: "col", class: n && n < heads.length - 1 ? "n" : false }, text)))), el("tbody", null, ...rows)));
function makePolicies() {
	const sorted = [...data.policies].sort((a, b) => a.holds - b.holds);
	$("policies").append(el("div", { class: "sheet" }, el("table", null, el("tbody", null, ...sorted.map((p) => el("tr", null,
		el("td", { class: "verdict " + (p.holds ? "fine" : "critical") }, p.holds ? "✓ holds" : "✗ broken"),
		el("td", null, el("b", null, p.statement), " ", el("code", { class: "soft" }, p.id), p.count ? trailLinks(p.trails, 5, p.count) : null),
		el("td", { class: "n" }, p.count ? el("button", { type: "button", on: { click: () => only("policy", p.id) } }, plural(p.count, "trail")) : "")))))));
}
function makePrincipals() {
	const sorted = [...data.principals].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
	const rows = sorted.map((p) => el("tr", null, el("td", null, el("bdi", null, p.name)), el("td", { class: "n" }, number(p.count)), el("td", { class: "n" }, number(p.holders)),
		el("td", null, trailLinks(p.trails, 3, p.count))));
	const box = sheet(["principal", "keys", "holders", "trails, with their ranks"], rows.slice(0, 25));
	$("principals").append(box);
	if (rows.length > 25) {
		const rest = el("button", { class: "controls", type: "button", on: { click: () => { box.querySelector("tbody").append(...rows.slice(25, 2000)); rest.remove(); } } }, `Show ${number(rows.length - 25)} more`);
		$("principals").append(rest);
	}
}
function makeFrameworks() {
	for (const f of data.frameworks) {
		const rows = Object.entries(f.entries).sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true })).map(([id, e]) => el("tr", null,
			el("td", null, el("button", { class: "quiet", type: "button", "aria-label": `Show the trails of ${id}`, on: { click: () => only("framework", `${f.id}:${id}`) } }, id), " ", e.title),
			el("td", { class: "n" }, number(e.findings)), el("td", { class: "n" }, number(e.trails)),
			el("td", null, el("span", { class: "share", share: (100 * e.trails) / Math.max(1, data.totals.credentials), "aria-hidden": "true" }))));
		const box = sheet(["entry", "findings", "trails", "share of trails"], rows);
		box.prepend(el("h3", null, `${f.name} `, el("span", { class: "soft" }, f.version)));
		$("frameworks").append(box);
	}
}
