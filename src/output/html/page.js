/* Keys, colours, printing; and the start. */
function keys(event) {
	if (event.ctrlKey || event.metaKey || event.altKey) return;
	const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
	if (event.key === "Escape" && event.target.id === "find") { event.target.value = sought = ""; update(); }
	if (typing) return;
	if (event.key === "/") { event.preventDefault(); $("find").focus(); return; }
	const onRow = event.target.classList && event.target.classList.contains("row");
	const step = event.key === "j" || (onRow && event.key === "ArrowDown") ? 1 : event.key === "k" || (onRow && event.key === "ArrowUp") ? -1 : 0;
	if (!step) return;
	event.preventDefault();
	const rows = [...$("rows").querySelectorAll(".row")];
	const now = rows.indexOf(event.target.closest(".trail") ? event.target.closest(".trail").querySelector(".row") : null);
	const next = now + step;
	if (next >= rows.length && !$("more").hidden) more();
	else if (rows[Math.max(0, next)]) { rows[Math.max(0, next)].focus(); rows[Math.max(0, next)].scrollIntoView({ block: "nearest" }); }
}
function theme() {
	const root = document.documentElement;
	let dark = matchMedia("(prefers-color-scheme: dark)").matches;
	const name = () => { $("theme").textContent = dark ? "Light theme" : "Dark theme"; };
	$("theme").addEventListener("click", () => { dark = !dark; root.style.colorScheme = dark ? "dark" : "light"; name(); });
	name();
}
function printing() {
	let closed = [], before = limit;
	addEventListener("beforeprint", () => {
		before = limit;
		limit = Math.min(shown.length, 1000);
		closed = shown.slice(0, PAGE).filter((t) => !t.body || t.body.hidden);
		showRows();
		for (const t of closed) open(t, true);
	});
	addEventListener("afterprint", () => {
		limit = before;
		for (const t of closed) open(t, false);
		showRows();
	});
}

theme();
makeSummary();
const sections = [["graph", "Graph", makeGraph, trails.length], ["trails", "Trails", makeFilters, trails.length], ["policies", "Policies", makePolicies, data.policies.length],
	["principals", "Principals", makePrincipals, data.principals.length], ["frameworks", "Frameworks", makeFrameworks, data.frameworks.length], ["runbook", "Runbook", makeRunbook, data.runbook]];
for (const [id, name, make, any] of sections) {
	if (!any) continue;
	$(id).hidden = false;
	make();
	$("nav").append(el("a", { href: "#" + id }, name));
}
if (trails.length) {
	$("more").addEventListener("click", more);
	addEventListener("keydown", keys);
	printing();
	update();
	if (byId.has(location.hash.slice(1))) reveal(location.hash.slice(1));
}
