/* The graph: holders, credentials, principals in three columns. */
const TOP = 60;
let mode = "";
let zoom = 1;
function gather(list, by) {
	const made = [new Map(), new Map(), new Map()];
	const put = (column, key, node, t) => {
		const all = made[column];
		if (!all.has(key)) all.set(key, { key, column, trails: new Set(), ...node });
		all.get(key).trails.add(t);
		return all.get(key);
	};
	for (const t of list) {
		for (const key of t.keys) {
			const { zone, name } = holderNames.get(key);
			put(0, key, { label: name, zone, tone: "z-" + zone, pick: ["holder", key] }, t);
		}
		if (by === "provider") put(1, t.provider, { label: t.maker, tone: t.severity, pick: ["provider", t.provider] }, t);
		else put(1, t.id, { label: t.name, side: t.redacted, tone: t.severity, trail: t }, t);
		put(2, t.owner || "", { label: t.owner || "principal not told", tone: t.owner ? "" : "info", pick: ["owner", t.owner || ""] }, t);
	}
	const most = mode === "all" ? Infinity : by === "provider" ? 18 : 40;
	return made.map((all, column) => few([...all.values()], column === 1 && by === "each" ? Infinity : most));
}
/* The largest nodes, and one that stands for the rest. */
function few(nodes, most) {
	if (nodes.length <= most) return nodes;
	const sorted = nodes.sort((a, b) => b.trails.size - a.trails.size || (a.key < b.key ? -1 : 1));
	const rest = sorted.splice(most - 1);
	const all = new Set(rest.flatMap((node) => [...node.trails]));
	return [...sorted, { key: "\n", column: rest[0].column, label: `${rest.length} others`, tone: "info", trails: all, zone: "", rest: true }];
}
function joined(columns) {
	const edges = [];
	for (const [from, to] of [[0, 1], [1, 2]]) {
		const by = new Map();
		for (const node of columns[to]) for (const t of node.trails) by.set(t, [...(by.get(t) || []), node]);
		for (const a of columns[from]) {
			const ends = new Map();
			for (const t of a.trails) for (const b of by.get(t) || []) ends.set(b, [...(ends.get(b) || []), t]);
			for (const [b, all] of ends) edges.push({ a, b, trails: all });
		}
	}
	return edges;
}
function arrange(columns, edges) {
	const near = new Map(columns.flat().map((node) => [node, []]));
	for (const { a, b } of edges) { near.get(a).push(b); near.get(b).push(a); }
	columns.forEach((column) => column.forEach((node, n) => { node.at = n / column.length; }));
	const mean = (all) => all.reduce((sum, node) => sum + node.at, 0) / (all.length || 1);
	const sort = (column, key) => {
		const keys = new Map(column.map((node) => [node, key(node)]));
		column.sort((a, b) => keys.get(a) - keys.get(b) || (a.key < b.key ? -1 : 1));
		column.forEach((node, n) => { node.at = n / column.length; });
	};
	for (let turn = 0; turn < 3; turn++) {
		const zones = new Map();
		for (const node of columns[0]) zones.set(node.zone, [...(zones.get(node.zone) || []), mean(near.get(node))]);
		const order = [...zones].map(([zone, all]) => [zone, all.reduce((a, b) => a + b, 0) / all.length]).sort((a, b) => !a[0] - !b[0] || a[1] - b[1]).map(([zone]) => zone);
		sort(columns[0], (node) => order.indexOf(node.zone) * 2 + mean(near.get(node)));
		sort(columns[2], (node) => mean(near.get(node)));
		sort(columns[1], (node) => mean(near.get(node)));
	}
}
const cut = (text, room) => {
	let left = room, end = "";
	for (const c of text) {
		left -= c > "\u2e80" ? 2 : 1;
		if (left < 1) return end + "…";
		end += c;
	}
	return end;
};
function showGraph() {
	const canvas = $("canvas");
	const by = mode === "provider" || (!mode && shown.length > TOP) ? "provider" : "each";
	const list = mode === "all" || by === "provider" ? shown : shown.slice(0, TOP);
	$("by").replaceChildren(...[["provider", "By provider"], ["top", shown.length > TOP ? `Top ${TOP}` : "Each credential"], ["all", `All ${number(shown.length)}`]]
		.filter(([id]) => id !== "all" || shown.length > TOP)
		.map(([id, text]) => el("button", { type: "button", "aria-pressed": String(id === (by === "provider" ? "provider" : mode === "all" && shown.length > TOP ? "all" : "top")), on: { click: () => { mode = id; showGraph(); } } }, text)));
	const columns = gather(list, by);
	const edges = joined(columns);
	arrange(columns, edges);
	const wide = Math.max(canvas.clientWidth || 1100, 940);
	const ROW = 28, HIGH = 23, HEAD = 40;
	const size = [Math.round(wide * .22), Math.round(wide * .3), Math.round(wide * .25)];
	const left = [14, Math.round((wide - size[1]) / 2 - wide * .015), wide - size[2] - 14];
	const zoned = new Set(columns[0].map((node) => node.zone)).size;
	const gaps = [zoned * 22, 0, 0];
	const high = Math.max(...columns.map((column, n) => column.length * ROW + gaps[n]));
	columns.forEach((column, n) => {
		const free = (high - gaps[n]) / column.length;
		const step = high > 1500 ? free : Math.min(free, ROW * 1.5);
		let y = HEAD + (high - gaps[n] - step * column.length) / 2;
		let zone = null;
		for (const node of column) {
			if (n === 0 && node.zone !== zone) { zone = node.zone; node.first = true; y += 22; }
			node.x = left[n]; node.y = y; node.wide = size[n];
			y += step;
		}
	});
	const svg = draw("svg", { viewBox: `0 0 ${wide} ${high + HEAD + 14}`, width: wide * zoom, height: (high + HEAD + 14) * zoom, class: edges.length > 150 && "dense", role: "group", "aria-label": "Holders, credentials and principals" });
	["holders", by === "provider" ? "credentials, by provider" : "credentials", "principals"].forEach((text, n) => svg.append(draw("text", { class: "col", x: left[n], y: 24 }, text)));
	for (const edge of edges) {
		const x = edge.a.x + edge.a.wide, y = edge.a.y + HIGH / 2, to = edge.b.y + HIGH / 2, bend = (edge.b.x - x) / 2;
		edge.line = draw("path", { class: "edge " + edge.a.tone, d: `M${x} ${y.toFixed(1)}C${x + bend} ${y.toFixed(1)} ${edge.b.x - bend} ${to.toFixed(1)} ${edge.b.x} ${to.toFixed(1)}`, "stroke-width": (1 + Math.log2(edge.trails.length) * .8).toFixed(2) });
		svg.append(edge.line);
	}
	const nodes = columns.flat();
	const light = (node) => {
		svg.classList.toggle("lit", Boolean(node));
		if (!node) return;
		/* What touches the node is lit; of what lies behind that, the paths of its own credentials. */
		const on = new Set([node]);
		for (const edge of edges) {
			const near = edge.a === node || edge.b === node;
			const shared = (near || node.trails.size < 4 || Math.min(...[edge.a, edge.b].map((end) => Math.abs(end.column - node.column)))) && edge.trails.some((t) => node.trails.has(t));
			edge.line.classList.toggle("on", Boolean(shared && (near || node.trails.size < 4)));
			edge.line.classList.toggle("far", Boolean(shared));
			if (shared) on.add(edge.a).add(edge.b);
		}
		for (const each of nodes) each.box.classList.toggle("on", on.has(each));
	};
	const pick = (node) => {
		if (node.trail) reveal(node.trail.id);
		else if (node.rest) { mode = "all"; showGraph(); }
		else if (node.pick) { facet(node.pick[0]).chosen.add(node.pick[1]); update(); }
	};
	const move = (node, key) => {
		const column = columns[node.column], n = column.indexOf(node);
		if (key === "ArrowDown" || key === "ArrowUp") return column[n + (key === "ArrowDown" ? 1 : -1)];
		const next = columns[node.column + (key === "ArrowRight" ? 1 : -1)];
		return next && next.reduce((best, each) => (Math.abs(each.y - node.y) < Math.abs(best.y - node.y) ? each : best), next[0]);
	};
	nodes.forEach((node, n) => {
		const count = node.trail ? "" : number(node.trails.size);
		const text = cut(node.label, (node.wide - 38) / 6.8 - count.length - (node.side ? 1 + Math.min(node.side.length, 14) : 0));
		const told = `${node.label}${node.side ? " " + node.side : ""}${count ? ", " + plural(node.trails.size, "credential") : ""}${node.zone ? ", " + say("zone", node.zone) : ""}`;
		if (node.first && node.zone) svg.append(draw("text", { class: "zone " + node.tone, x: node.x, y: node.y - 7 }, say("zone", node.zone)));
		node.box = draw("g", {
			class: "node " + node.tone, transform: `translate(${node.x} ${node.y.toFixed(1)})`, tabindex: n ? -1 : 0, role: "button", "aria-label": told,
			on: {
				mouseenter: () => light(node), mouseleave: () => light(null), focus: () => light(node), blur: () => light(null), click: () => pick(node),
				keydown: (event) => {
					if (event.key === "Enter" || event.key === " ") { event.preventDefault(); pick(node); }
					if (!event.key.startsWith("Arrow")) return;
					event.preventDefault();
					const next = move(node, event.key);
					if (!next) return;
					node.box.setAttribute("tabindex", -1);
					next.box.setAttribute("tabindex", 0);
					next.box.focus();
				},
			},
		},
		draw("title", null, told), draw("rect", { width: node.wide, height: HIGH, rx: 6 }), draw("circle", { class: "mark", cx: 12, cy: HIGH / 2, r: 4 }),
		draw("text", { x: 23, y: 15.5 }, text),
		node.side || count ? draw("text", { class: "side", x: node.wide - 9, y: 15.5, "text-anchor": "end" }, node.side ? cut(node.side, 14) : count) : null);
		svg.append(node.box);
	});
	canvas.replaceChildren(shown.length ? svg : el("p", { class: "empty" }, "Nothing to draw."));
}
function makeGraph() {
	const scale = (by) => () => { zoom = by ? Math.min(3, Math.max(.4, zoom * by)) : 1; showGraph(); };
	const button = (text, name, by) => el("button", { type: "button", "aria-label": name, title: name, on: { click: scale(by) } }, text);
	$("graph").append(
		el("div", { class: "head" }, el("h2", { id: "graph-h" }, "Who holds what, as whom"),
			el("p", null, "Hover to follow a trail, click to filter."),
			el("div", { class: "tools" }, el("div", { id: "by", class: "tools", role: "group", "aria-label": "Credentials drawn" }), button("−", "Smaller", 1 / 1.25), button("1:1", "Original size", 0), button("+", "Larger", 1.25))),
		el("div", { id: "canvas", class: "canvas" }));
	let wait = 0;
	addEventListener("resize", () => { clearTimeout(wait); wait = setTimeout(showGraph, 150); });
}
