// Elements made of values, never of markup: every text goes through printable() into a text node.
import { printable } from './text.js';

const SVG = 'http://www.w3.org/2000/svg';

/**
 * Makes an HTML element.
 *
 * @param props its attributes; `on` has listeners by event, `key` tells it from its siblings,
 *     `island` is called once with the element, whose content is then its own affair
 */
export function h(tag, props, ...children) {
  return made(document.createElement(tag), props, children);
}

/** Makes an SVG element. */
export function s(tag, props, ...children) {
  return made(document.createElementNS(SVG, tag), props, children);
}

function made(element, props, children) {
  for (const [name, value] of Object.entries(props ?? {})) {
    if (value === undefined || value === null || value === false) {
      continue;
    }
    if (name === 'on') {
      element.listening = value;
      Object.keys(value).forEach((type) => element.addEventListener(type, heard));
    } else if (name === 'key') {
      element.key = String(value);
    } else if (name === 'island') {
      element.island = value;
    } else {
      element.setAttribute(name, value === true ? '' : printable(value));
    }
  }
  append(element, children);
  return element;
}

function append(element, children) {
  for (const child of children) {
    if (Array.isArray(child)) {
      append(element, child);
    } else if (child instanceof Node) {
      element.append(child);
    } else if (child !== undefined && child !== null && child !== false && child !== '') {
      element.append(document.createTextNode(printable(child)));
    }
  }
}

// The listeners are looked up when an event comes, so a later rendering may replace them.
function heard(event) {
  event.currentTarget.listening?.[event.type]?.(event);
}

/** Makes the element's content equal to these nodes and keeps every element that can stay. */
export function show(element, ...nodes) {
  const fresh = document.createElement(element.localName);
  append(fresh, nodes);
  children(element, fresh);
}

function fits(old, fresh) {
  return old.nodeType === fresh.nodeType && old.nodeName === fresh.nodeName && old.key === fresh.key;
}

function children(parent, fresh) {
  const keyed = new Map();
  for (const child of parent.childNodes) {
    if (child.key !== undefined) {
      keyed.set(child.key, child);
    }
  }
  let place = parent.firstChild;
  for (const wanted of [...fresh.childNodes]) {
    let found = wanted.key === undefined ? place : keyed.get(wanted.key);
    if (!found || !fits(found, wanted)) {
      found = wanted;
      parent.insertBefore(wanted, place);
      begin(wanted);
    } else {
      if (found === place) {
        place = place.nextSibling;
      } else {
        parent.insertBefore(found, place);
      }
      same(found, wanted);
    }
  }
  while (place) {
    const next = place.nextSibling;
    place.remove();
    place = next;
  }
}

function begin(node) {
  if (node.island) {
    node.island(node);
  }
  node.childNodes.forEach(begin);
}

function same(old, fresh) {
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.nodeValue !== fresh.nodeValue) {
      old.nodeValue = fresh.nodeValue;
    }
    return;
  }
  for (const type of Object.keys(fresh.listening ?? {})) {
    old.addEventListener(type, heard);
  }
  old.listening = fresh.listening;
  if (!fresh.island) {
    attributes(old, fresh);
    children(old, fresh);
  }
}

// What the reader has set stays: what is open, chosen or typed.
function attributes(old, fresh) {
  for (const { name } of [...old.attributes]) {
    if (!fresh.hasAttribute(name) && name !== 'open' && name !== 'tabindex') {
      old.removeAttribute(name);
    }
  }
  for (const { name, value } of fresh.attributes) {
    if (name !== 'open' && name !== 'value' && old.getAttribute(name) !== value) {
      old.setAttribute(name, value);
    }
  }
}

let said = '';

/** Tells a screen reader a sentence. */
export function say(sentence) {
  if (sentence !== said) {
    said = sentence;
    document.getElementById('said').textContent = printable(sentence);
  }
}
