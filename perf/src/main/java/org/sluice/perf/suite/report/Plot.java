package org.sluice.perf.suite.report;

import java.util.List;
import java.util.Map;

/**
 * Lines over a common axis.
 *
 * @param name of the file, without what it ends with
 * @param logarithmic whether the horizontal axis is
 * @param lines not empty
 */
public record Plot(String name, String title, String horizontal, String vertical, boolean logarithmic,
        List<Line> lines) {

    /**
     * One rival.
     *
     * @param x ascending, as many as {@code y}
     */
    public record Line(String name, List<Double> x, List<Double> y) {
        public Line {
            if (x.size() != y.size()) {
                throw new IllegalArgumentException(name + ": " + x.size() + " abscissae, " + y.size() + " ordinates");
            }
        }
    }

    /** @return a line for each name, of points with abscissa and ordinate. */
    public static List<Line> lines(Map<String, List<double[]>> points) {
        return points.entrySet().stream()
                .map(line -> new Line(line.getKey(), line.getValue().stream().map(point -> point[0]).toList(),
                        line.getValue().stream().map(point -> point[1]).toList()))
                .toList();
    }
}
