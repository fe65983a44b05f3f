package org.sluice.slowpath.view;

import java.util.List;

/**
 * A part of the flow table.
 *
 * @param flows that were picked
 * @param next where to go on, or -1 at the end
 */
public record FlowPage(List<FlowView> flows, int next) {}
