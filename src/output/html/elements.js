"use strict";

/* The data, and elements made of text nodes and attributes only. */
const data = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const words = new Map(Object.entries(data.words).map(([group, pairs]) => [group, new Map(pairs)]));
const say = (group, name) => words.get(group).get(name) || name;
const rules = new Map(Object.entries(data.rules));
const spaced = (name) => name.replaceAll("-", " ");
const levels = ["critical", "high", "medium", "low", "info"];
const states = new Map([["expired", "expired"], ["expires", "has an end"], ["endless", "no expiry"], ["unknown", "not told"]]);
const number = (n) => String(n).replace(/\B(?=(\d{3})+$)/g, "\u202f");
const plural = (n, noun, more) => `${number(n)} ${n === 1 ? noun : more || noun + "s"}`;

/* Texts come escaped from the writer. */
const SVG = "http://www.w3.org/2000/svg";
const fill = (node, props, children) => {
	for (const [name, value] of Object.entries(props || {})) {
		if (name === "on") for (const [event, call] of Object.entries(value)) node.addEventListener(event, call);
		else if (name === "share") node.style.setProperty("--p", value + "%");
		else if (value !== false && value !== undefined && value !== null) node.setAttribute(name, value === true ? "" : value);
	}
	node.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
	return node;
};
const el = (tag, props, ...children) => fill(document.createElement(tag), props, children);
const draw = (tag, props, ...children) => fill(document.createElementNS(SVG, tag), props, children);
const dot = (tone) => el("span", { class: "dot " + tone, "aria-hidden": "true" });
const link = (url, text) => {
	if (!/^https:\/\/[^\s]+$/.test(url)) return document.createTextNode(text);
	const there = url.split("/")[2];
	const a = el("a", { href: url, rel: "noreferrer noopener", target: "_blank", title: url }, text);
	return text.includes(there) ? a : el("span", null, a, el("span", { class: "soft" }, ` (${there})`));
};
