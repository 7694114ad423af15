/* The list of trails, and what is told of each. */
function showRows() {
	$("rows").replaceChildren(...shown.slice(0, limit).map(rowOf));
	const rest = shown.length - limit;
	$("more").hidden = rest <= 0;
	$("more").textContent = `Show ${Math.min(PAGE, rest)} more of ${number(rest)}`;
	if (!shown.length) $("rows").append(el("li", { class: "empty" }, "No trail fits these filters."));
}
function more() {
	const from = limit;
	limit += PAGE;
	showRows();
	const row = $("rows").children[from];
	if (row) row.querySelector("button").focus();
}
function rowOf(t) {
	if (t.item) return t.item;
	const parts = t.rank.parts;
	const told = parts.map((p) => `${p.name} ${p.percent}`).join(", ");
	const life = t.lifetime.state === "expired" ? "expired" : t.lifetime.state === "endless" ? "no expiry" : null;
	const tags = [
		el("span", { class: "level" }, t.severity), el("span", null, t.confidence === "certain" ? "certain" : `${t.confidence} confidence`),
		el("bdi", null, t.maker), el("span", null, spaced(t.kind)), ...t.reuse.map((r) => el("span", null, say("reuse", r))),
		life && el("span", null, life), t.owner && el("bdi", null, t.owner),
	];
	const zones = [...words.get("zone").keys()].map((z) => dot(t.zones.includes(z) ? "z-" + z : "off"));
	t.button = el("button", { class: "row " + t.severity, type: "button", "aria-expanded": "false", on: { click: () => open(t, t.body ? t.body.hidden : true) } },
		el("span", { class: "score", title: "rank, of 1000" }, String(t.rank.score)),
		el("span", { class: "parts", role: "img", "aria-label": told, title: told }, ...parts.map((p) => el("span", null, el("i", { share: p.percent }), String(p.percent)))),
		el("span", { class: "what" }, el("b", null, t.name), el("code", null, t.redacted), el("span", { class: "tags" }, ...tags)),
		el("span", { class: "reach" }, el("span", null, el("b", null, number(t.held)), t.held === 1 ? " holder" : " holders"),
			el("span", { class: "zones", title: t.zones.map((z) => say("zone", z)).join(", "), role: "img", "aria-label": "in " + t.zones.map((z) => say("zone", z)).join(", ") }, ...zones)));
	t.item = el("li", { class: "trail", id: t.id }, el("h3", null, t.button));
	return t.item;
}
function open(t, yes) {
	rowOf(t);
	if (yes && !t.body) {
		t.body = bodyOf(t);
		t.item.append(t.body);
		t.button.setAttribute("aria-controls", t.body.id);
	}
	if (t.body) t.body.hidden = !yes;
	t.button.setAttribute("aria-expanded", String(yes));
}
function reveal(id) {
	const t = byId.get(id);
	if (!t) return;
	if (!shown.includes(t)) { clear(); update(); }
	limit = Math.max(limit, Math.ceil((shown.indexOf(t) + 1) / PAGE) * PAGE);
	showRows();
	open(t, true);
	t.item.scrollIntoView({ block: "start" });
	t.button.focus({ preventScroll: true });
}
const trailLink = (id) => {
	const t = byId.get(id);
	if (!t) return el("code", { class: "soft" }, id);
	return el("a", { href: "#" + id, on: { click: (event) => { event.preventDefault(); reveal(id); } } }, t.name + " ", el("code", null, t.redacted), el("span", { class: "soft" }, " " + t.rank.score));
};
const trailLinks = (ids, most, total) => {
	const box = el("div", { class: "links" });
	const show = (n) => {
		const rest = ids.length - n;
		const gone = total - ids.length;
		box.replaceChildren(...ids.slice(0, n).map(trailLink),
			rest > 0 ? el("button", { class: "quiet", type: "button", on: { click: () => show(ids.length) } }, `and ${number(rest)} more`) : "",
			rest <= 0 && gone > 0 ? el("span", { class: "soft" }, `and ${number(gone)} more that this page leaves out`) : "");
	};
	show(most);
	return box;
};
const part = (title, ...children) => el("section", null, el("h4", null, title), ...children);
const pairs = (all) => el("dl", null, ...all.filter(([, v]) => v).flatMap(([k, v]) => [el("dt", null, k), el("dd", null, v.nodeType ? v : el("bdi", null, v))]));
const time = (text) => text.replace("T", " ").replace(/:00Z$/, " UTC").replace("Z", " UTC");

function heldBy(t) {
	const groups = [];
	for (const zone of t.zones) {
		const here = t.holders.filter((h) => h.zone === zone);
		if (!here.length) continue;
		const list = el("ul");
		const show = (n) => {
			list.replaceChildren(...here.slice(0, n).map(holder));
			if (here.length > n) list.append(el("li", null, el("button", { class: "quiet", type: "button", on: { click: () => show(here.length) } }, `and ${number(here.length - n)} more`)));
		};
		show(25);
		groups.push(el("div", { class: "held z-" + zone }, el("p", null, dot(""), say("zone", zone), el("span", { class: "soft" }, " · " + number(here.length))), list));
	}
	if (t.held > t.holders.length) groups.push(el("p", { class: "soft" }, `${number(t.held - t.holders.length)} more holders are in the JSON report.`));
	return part("Who holds it", ...groups);
}
function holder(h) {
	const said = { person: "said by the person", agent: "written by the agent", tool: "echoed by a tool", system: "told to the agent" };
	const tags = [h.scope, h.role && said[h.role], h.past && "history only", h.by_reference && "by reference", h.findings > 1 && plural(h.findings, "finding"), h.source && "from " + h.source];
	const tool = h.tool_name || h.tool;
	return el("li", null, say("holder", h.kind), h.name ? el("bdi", null, " " + h.name) : null, tool ? el("span", null, " of ", el("b", null, tool)) : null,
		...tags.filter(Boolean).map((text) => el("bdi", { class: "tag" }, text)),
		el("span", { class: "mono" }, el("b", null, h.path + (h.line ? ":" + h.line : "")), h.key ? "  " + h.key : ""));
}
function bodyOf(t) {
	const rule = rules.get(t.rule);
	const at = t.lifetime.at ? time(t.lifetime.at) : "";
	const lives = { expired: "expired " + at, expires: "ends " + at, endless: "has no end", unknown: "nothing tells when it ends" };
	const whose = [...t.principal.map((c) => [c.field.replaceAll("_", " "), c.value]), ["lifetime", lives[t.lifetime.state]],
		["first seen", t.first_seen && time(t.first_seen)], ["last seen", t.last_seen && time(t.last_seen)]];
	const about = [["id", el("code", null, t.id)], ["compare", say("basis", t.comparable)], ["rule", el("code", null, t.rule)],
		["findings", number(t.found)], ["C3ID", t.c3id && el("code", null, t.c3id)]];
	const ranks = t.rank.parts.map((p) => el("div", { class: "meter" }, el("span", null, p.name), el("i", { share: p.percent }), el("b", null, String(p.percent)), el("small", null, p.text)));
	const proofs = t.proofs.map((p) => el("li", null, p.text, p.with && byId.has(p.with) ? el("span", null, ": ", trailLink(p.with)) : p.path ? el("span", { class: "mono soft" }, "  " + p.path) : null));
	const main = el("div", { class: "side" }, heldBy(t), rule && advice(rule));
	const side = el("div", { class: "side" },
		part("Whose it is", pairs(whose)), part(`Rank ${t.rank.score} of 1000`, ...ranks),
		proofs.length ? part("Proof", el("ul", { class: "plain" }, ...proofs)) : null,
		t.siblings.length ? part("Same principal", trailLinks(t.siblings, 6, t.siblings.length)) : null,
		t.frameworks.length ? part("Frameworks", el("ul", { class: "plain" }, ...t.frameworks.map(entry))) : null,
		part("Record", pairs(about)));
	return el("div", { class: "body " + t.severity, id: t.id + "-body", role: "region", "aria-label": t.name }, main, side);
}
function entry(id) {
	const cut = id.indexOf(":");
	const found = frame.get(id.slice(0, cut));
	const name = id.slice(cut + 1);
	const known = found && Object.hasOwn(found.entries, name) ? found.entries[name].title : "";
	return el("li", null, el("b", null, name), " ", known, el("span", { class: "soft" }, " · " + (found ? found.name : id.slice(0, cut))));
}
function advice(rule) {
	const line = (name, fact) => {
		if (!fact.text && !fact.url) return null;
		const usually = fact.source.includes("not confirmed") && fact.text ? "Usually: " : "";
		return el("p", null, el("b", null, name + " "), usually + fact.text + " ", fact.url ? link(fact.url, fact.url) : null);
	};
	return part("What to do", el("div", { class: "advice" }, rule.grants ? el("p", null, el("b", null, "At stake "), rule.grants) : null, line("Revoke", rule.revoke), line("Replace", rule.replace)));
}
