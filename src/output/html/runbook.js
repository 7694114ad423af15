/* The runbook: a small, safe part of Markdown. */
function inline(text, into) {
	const mark = /(`+)(.+?)\1|\*\*(.+?)\*\*|\[([^\]]+)\]\((https:[^\s)]+)\)|(https:\/\/[^\s)>\]"'`]*[^\s)>\]"'`.,;:])|\\([!-\/:-@[-`{-~])/g;
	let from = 0;
	for (let found; (found = mark.exec(text));) {
		into.append(text.slice(from, found.index));
		const [, , code, bold, name, url, bare, literal] = found;
		if (code !== undefined) into.append(el("code", null, code.trim() || code));
		else if (bold !== undefined) into.append(inline(bold, el("b")));
		else if (name !== undefined) into.append(link(url, name));
		else into.append(bare !== undefined ? link(bare, bare) : literal);
		from = mark.lastIndex;
	}
	into.append(text.slice(from));
	return into;
}
function fence(lines) {
	const text = lines.join("\n");
	const code = el("code", null, text);
	const button = el("button", { type: "button", on: { click: async () => {
		try { await navigator.clipboard.writeText(text); button.textContent = "Copied"; }
		catch { getSelection().selectAllChildren(code); button.textContent = "Selected"; }
	} } }, "Copy");
	return el("div", { class: "code" }, el("pre", { tabindex: "0" }, code), button);
}
function table(lines) {
	const cells = (line) => line.trim().replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim());
	const rows = lines.filter((line) => !/^[\s|:-]+$/.test(line)).map((line, n) => el("tr", null, ...cells(line).map((cell) => inline(cell, el(n ? "td" : "th")))));
	return el("table", null, el("tbody", null, ...rows));
}
function markdown(lines, root) {
	let lists = [], paragraph = null, quote = null;
	const close = (indent) => { while (lists.length && lists[lists.length - 1].indent >= indent) lists.pop(); };
	const place = (indent) => { close(indent); return lists.length ? lists[lists.length - 1].item : root; };
	for (let n = 0; n < lines.length; n++) {
		const line = lines[n];
		const indent = line.length - line.trimStart().length;
		const text = line.trim();
		const open = /^(`{3,}|~{3,})/.exec(text);
		const item = /^([-*+]|\d+[.)])\s+(?:\[([ xX])\]\s+)?(.*)$/.exec(text);
		const head = /^(#{1,6})\s+(.*)$/.exec(text);
		if (!text || open || item || head || !text.startsWith(">")) quote = null;
		if (!text) paragraph = null;
		else if (open) {
			const code = [];
			while (++n < lines.length && !lines[n].trim().startsWith(open[1])) code.push(lines[n].slice(Math.min(indent, lines[n].length - lines[n].trimStart().length)));
			place(indent).append(fence(code));
			paragraph = null;
		} else if (head) {
			lists = [];
			root.append(inline(head[2], el("h" + Math.min(6, head[1].length + 2))));
			paragraph = null;
		} else if (item) {
			const tag = /\d/.test(item[1]) ? "ol" : "ul";
			while (lists.length && lists[lists.length - 1].indent > indent) lists.pop();
			let top = lists[lists.length - 1];
			if (top && top.indent === indent && top.list.localName !== tag) { lists.pop(); top = null; }
			if (!top || (top.indent < indent && lists.length < 8)) {
				const parent = lists.length ? lists[lists.length - 1].item : root;
				top = { indent, list: el(tag, tag === "ol" && item[1].length < 9 ? { start: parseInt(item[1], 10) } : null) };
				parent.append(top.list);
				lists.push(top);
			}
			const words = inline(item[3], el("span"));
			const box = item[2] && el("input", { type: "checkbox", checked: item[2] !== " ", on: { change: progress } });
			top.item = el("li", { class: box && "box" }, box ? el("label", null, box, words) : words);
			top.list.append(top.item);
			paragraph = words;
		} else if (text.startsWith(">")) {
			if (!quote) place(indent).append(quote = el("blockquote"));
			inline(text.slice(1).trim() + " ", quote);
			paragraph = null;
		} else if (text.startsWith("|")) {
			const rows = [];
			while (n < lines.length && lines[n].trim().startsWith("|")) rows.push(lines[n++]);
			n--;
			place(indent).append(table(rows));
			paragraph = null;
		} else if (/^([-*_]\s*){3,}$/.test(text)) {
			lists = [];
			paragraph = null;
		} else if (paragraph) inline(" " + text, paragraph);
		else place(indent).append(paragraph = inline(text, el("p")));
	}
}
function progress() {
	const boxes = [...$("runbook").querySelectorAll("input[type=checkbox]")];
	$("done").textContent = boxes.length ? `${boxes.filter((box) => box.checked).length} of ${boxes.length} done; ticks are forgotten when the page is closed` : "";
}
function makeRunbook() {
	const root = el("div", { class: "sheet text" });
	$("runbook").append(el("p", { id: "done", class: "done", role: "status" }), root);
	markdown(data.runbook, root);
	progress();
}
