/* What filters and the graph ask of a trail. */
const trails = data.trails;
const byId = new Map(trails.map((t) => [t.id, t]));
const against = new Map();
for (const verdict of data.policies)
	for (const id of verdict.trails) against.set(id, [...(against.get(id) || []), verdict.id]);
const holderNames = new Map();
const toolNames = new Map();
const unique = (all) => [...new Set(all)];
for (const t of trails) {
	const rule = rules.get(t.rule);
	t.maker = (rule && rule.provider_name) || t.provider;
	t.tools = unique(t.holders.map((h) => h.tool).filter(Boolean));
	t.keys = unique(t.holders.map((h) => {
		const key = `${h.zone} ${h.tool || h.kind}`;
		const plain = { file: "plain files", commit: "history", process: "processes", environment: "environment files" };
		const name = h.tool_name || h.tool || (Object.hasOwn(plain, h.kind) ? plain[h.kind] : say("holder", h.kind));
		if (h.tool) toolNames.set(h.tool, h.tool_name || h.tool);
		holderNames.set(key, { zone: h.zone, name });
		return h.at = key;
	}));
	const said = [t.name, t.redacted, t.provider, t.maker, t.kind, t.id, t.owner, t.severity, t.rule];
	for (const claim of t.principal) said.push(claim.value);
	for (const h of t.holders) said.push(h.path, h.key, h.name, h.tool_name, h.source);
	for (const proof of t.proofs) said.push(proof.text);
	t.said = said.filter(Boolean).join("\n").toLowerCase();
}

const makers = new Map(trails.map((t) => [t.provider, t.maker]));
const frame = new Map(data.frameworks.map((f) => [f.id, f]));
const policy = new Map(data.policies.map((p) => [p.id, p]));
const facets = [
	{ id: "severity", name: "Severity", of: (t) => [t.severity], order: levels, open: true, tone: (v) => v },
	{ id: "zone", name: "Zone", of: (t) => t.zones, say: (v) => say("zone", v), order: [...words.get("zone").keys()], open: true, tone: (v) => "z-" + v },
	{ id: "reuse", name: "Reuse", of: (t) => t.reuse, say: (v) => say("reuse", v), order: [...words.get("reuse").keys()], open: true },
	{ id: "provider", name: "Provider", of: (t) => [t.provider], say: (v) => makers.get(v) || v, open: true },
	{ id: "tool", name: "Tool", of: (t) => t.tools, say: (v) => toolNames.get(v) || v },
	{ id: "kind", name: "Kind", of: (t) => [t.kind], say: spaced },
	{ id: "lifetime", name: "Lifetime", of: (t) => [t.lifetime.state], say: (v) => states.get(v) || v, order: [...states.keys()] },
	{ id: "proof", name: "Proof", of: (t) => (t.proofs.length ? ["proof"] : []), say: () => "only with a proof" },
	{ id: "holder", name: "Holder", of: (t) => t.keys, say: (v) => `${holderNames.get(v).name}, ${say("zone", holderNames.get(v).zone)}`, hidden: true },
	{ id: "owner", name: "Principal", of: (t) => [t.owner || ""], say: (v) => v || "not told", hidden: true },
	{ id: "framework", name: "Framework", of: (t) => t.frameworks, hidden: true },
	{ id: "policy", name: "Against", of: (t) => against.get(t.id) || [], say: (v) => policy.get(v).statement, hidden: true },
];
for (const f of facets) { f.chosen = new Set(); f.say = f.say || ((v) => v); }
const facet = (id) => facets.find((f) => f.id === id);
let sought = "";
let shown = trails;
const PAGE = 100;
let limit = PAGE;

const passes = (f, t) => !f.chosen.size || f.of(t).some((v) => f.chosen.has(v));
function update() {
	const asked = sought.toLowerCase().split(/\s+/).filter(Boolean);
	for (const f of facets) f.counts = new Map();
	shown = [];
	for (const t of trails) {
		if (!asked.every((word) => t.said.includes(word))) continue;
		const failed = facets.filter((f) => !passes(f, t));
		if (!failed.length) shown.push(t);
		if (failed.length > 1) continue;
		for (const f of failed.length ? failed : facets)
			for (const v of new Set(f.of(t))) f.counts.set(v, (f.counts.get(v) || 0) + 1);
	}
	limit = PAGE;
	showCounts();
	showRows();
	showGraph();
}
function clear() {
	for (const f of facets) f.chosen.clear();
	sought = $("find").value = "";
}
function only(id, value) {
	clear();
	facet(id).chosen.add(value);
	update();
	$("trails").scrollIntoView();
	$("trails").focus({ preventScroll: true });
}

/* Filters. */
function makeFilters() {
	const find = el("input", {
		id: "find", type: "search", placeholder: "Name, path, owner …", "aria-label": "Filter trails by text",
		autocomplete: "off", spellcheck: "false", on: { input: () => { sought = find.value; update(); } },
	});
	$("filters").append(find);
	for (const f of facets.filter((each) => !each.hidden)) {
		const all = new Map();
		for (const t of trails) for (const v of f.of(t)) all.set(v, (all.get(v) || 0) + 1);
		const values = f.order ? f.order.filter((v) => all.has(v)) : [...all.keys()].sort((a, b) => all.get(b) - all.get(a) || (f.say(a) < f.say(b) ? -1 : 1));
		if (!values.length) continue;
		f.boxes = new Map();
		const set = el("fieldset", { "aria-label": f.name });
		for (const v of values) {
			const count = el("span");
			const box = el("input", { type: "checkbox", "data-facet": f.id, value: v, on: { change: () => { f.chosen[box.checked ? "add" : "delete"](v); update(); } } });
			const label = el("label", null, box, el("span", null, f.tone ? dot(f.tone(v)) : null, el("bdi", null, f.say(v))), count);
			f.boxes.set(v, { box, label, count });
			set.append(label);
		}
		const wide = matchMedia("(min-width: 62rem)").matches;
		$("filters").append(el("details", { open: f.open && wide }, el("summary", null, f.name), set));
	}
}
function showCounts() {
	const chips = [];
	for (const f of facets) {
		for (const [v, { box, label, count }] of f.boxes || []) {
			const n = f.counts.get(v) || 0;
			box.checked = f.chosen.has(v);
			label.classList.toggle("none", !n);
			count.textContent = number(n);
		}
		for (const v of f.chosen)
			chips.push(el("button", { type: "button", "aria-label": `Remove the filter ${f.name}: ${f.say(v)}`, on: { click: () => { f.chosen.delete(v); update(); $("trails").focus({ preventScroll: true }); } } }, `${f.name}: ${f.say(v)} ×`));
	}
	if (chips.length || sought)
		chips.push(el("button", { id: "clear", type: "button", on: { click: () => { clear(); update(); $("find").focus(); } } }, "Clear all"));
	$("chosen").replaceChildren(...chips);
	const all = plural(trails.length, "trail");
	$("count").textContent = shown.length === trails.length ? all : `${number(shown.length)} of ${all}`;
}
