/* A table that is filled anew only when what it shows has changed. */
import { byId, element } from './dom.js';

export class Table {
  /**
   * @param id of the table in the page
   * @param columns each {title, text(row)} or {title, node(row)}, number: true for numbers
   * @param nothing what stands there while there are no rows
   * @param narrow whether it fits a phone as it is; others become lists there
   */
  constructor(id, columns, nothing, narrow = false) {
    this.columns = columns;
    this.nothing = nothing;
    this.shown = null;
    this.body = element('tbody');
    const table = byId(id);
    table.classList.toggle('wide', !narrow);
    table.append(element('thead', {}, element('tr', {}, ...columns.map((column) =>
      element('th', { scope: 'col', class: column.number ? 'number' : null }, column.title)))), this.body);
  }

  show(rows) {
    const text = JSON.stringify(rows);
    if (text === this.shown) {
      return;
    }
    this.shown = text;
    this.body.replaceChildren(...(rows.length ? rows.map((row) => this.row(row)) : [this.empty()]));
  }

  row(row) {
    return element('tr', {}, ...this.columns.map((column) => {
      const content = column.node ? column.node(row) : String(column.text(row));
      const kind = column.number ? 'number' : content === 'any' ? 'any' : null;
      return element('td', { 'data-label': column.title, class: kind }, content);
    }));
  }

  empty() {
    return element('tr', {}, element('td', { colspan: this.columns.length, class: 'none' }, this.nothing));
  }
}

/** A bar that turns red when nothing is left; screen readers say its text. */
export const bar = (value, max) => element('meter',
  { min: 0, max: Math.max(1, max), high: 0.8 * max, optimum: 0, value, title: `${value} of ${max}` });
