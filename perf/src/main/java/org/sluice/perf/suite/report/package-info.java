/** What the experiments found out, for people (text, Markdown, SVG) and for programs (JSON). */
package org.sluice.perf.suite.report;
