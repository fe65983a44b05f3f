package org.sluice.slowpath.helper;

import java.io.InputStream;
import java.lang.classfile.TypeKind;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.Label;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.LabelTarget;
import java.lang.classfile.instruction.LookupSwitchInstruction;
import java.lang.classfile.instruction.NewObjectInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.classfile.instruction.TableSwitchInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Rewrites the classes of a helper's jar as they are read, because a Java thread can't be stopped from outside: every call, turn of
 * a loop and new object spends from a {@link Budget}. Refuses what a helper has no use for and what would make its thread wait: files,
 * sockets, threads, name servers.
 */
final class Fence {
    private static final ClassDesc BUDGET = ClassDesc.of(Budget.class.getName());
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc ARRAY = MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_int,
            ConstantDescs.CD_int);
    private static final int REFERENCE = 8;

    private static final List<String> FORBIDDEN_PACKAGES = List.of("java/lang/foreign/", "java/lang/reflect/",
            "java/lang/instrument/", "java/nio/file/", "java/nio/channels/", "java/net/http/",
            "java/util/concurrent/locks/", "sun/", "jdk/", "com/sun/");
    private static final Set<String> FORBIDDEN_CLASSES = Set.of("java/lang/Thread", "java/lang/ThreadGroup",
            "java/lang/Process", "java/lang/ProcessBuilder", "java/lang/Runtime", "java/io/File",
            "java/io/FileInputStream", "java/io/FileOutputStream", "java/io/FileReader", "java/io/FileWriter",
            "java/io/RandomAccessFile", "java/net/Socket", "java/net/ServerSocket", "java/net/DatagramSocket",
            "java/net/MulticastSocket", "java/net/URL", "java/net/URLConnection", "java/util/Timer",
            "java/util/concurrent/Executors", "java/util/concurrent/ExecutorService",
            "java/util/concurrent/ThreadPoolExecutor", "java/util/concurrent/ForkJoinPool",
            "java/util/concurrent/Semaphore", "java/util/concurrent/CountDownLatch",
            "java/util/concurrent/CyclicBarrier", "java/util/concurrent/CompletableFuture",
            "java/util/concurrent/BlockingQueue", "java/util/concurrent/LinkedBlockingQueue",
            "java/util/concurrent/ArrayBlockingQueue");
    private static final Set<String> FORBIDDEN_METHODS = Set.of("java/lang/System.exit", "java/lang/System.load",
            "java/lang/System.loadLibrary", "java/lang/System.setProperty", "java/lang/System.gc",
            "java/lang/Object.wait", "java/net/InetAddress.getByName", "java/net/InetAddress.getAllByName",
            "java/net/InetAddress.getLocalHost", "java/net/InetAddress.isReachable",
            "java/net/InetAddress.getHostName", "java/net/InetAddress.getCanonicalHostName");

    private final ClassFile classFile;

    /** @param classes gives the bytes of a class that the jar's classes may be related to, or null */
    Fence(Function<ClassDesc, InputStream> classes) {
        classFile = ClassFile.of(ClassFile.ClassHierarchyResolverOption
                .of(ClassHierarchyResolver.ofResourceParsing(classes)
                        .orElse(ClassHierarchyResolver.defaultResolver())));
    }

    /** @throws IllegalArgumentException when the class can't be read or wants what it may not have */
    byte[] fence(byte[] bytes) {
        ClassModel model = classFile.parse(bytes);
        check(model);
        return classFile.transformClass(model,
                ClassTransform.transformingMethodBodies(CodeTransform.ofStateful(Meter::new)));
    }

    private static void check(ClassModel model) {
        String name = model.thisClass().asInternalName().replace('/', '.');
        for (PoolEntry entry : model.constantPool()) {
            String wanted = switch (entry) {
                case ClassEntry c when isForbidden(c.asInternalName()) -> c.asInternalName();
                case MemberRefEntry m when FORBIDDEN_METHODS.contains(method(m)) -> method(m);
                default -> null;
            };
            if (wanted != null) {
                throw new IllegalArgumentException(
                        "its class " + name + " uses " + wanted.replace('/', '.') + ", which a helper may not");
            }
        }
        if (model.methods().stream().anyMatch(m -> m.flags().has(AccessFlag.NATIVE))) {
            throw new IllegalArgumentException("its class " + name + " has native code, which a helper may not");
        }
    }

    private static String method(MemberRefEntry entry) {
        return entry.owner().asInternalName() + "." + entry.name().stringValue();
    }

    private static boolean isForbidden(String type) {
        return FORBIDDEN_CLASSES.contains(type) || FORBIDDEN_PACKAGES.stream().anyMatch(type::startsWith);
    }

    /** Puts the counting into one method. */
    private static final class Meter implements CodeTransform {
        private final Set<Label> passed = new HashSet<>();

        @Override
        public void atStart(CodeBuilder code) {
            code.invokestatic(BUDGET, "step", NOTHING);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            switch (element) {
                case LabelTarget label -> passed.add(label.label());
                case BranchInstruction branch -> stepIf(code, passed.contains(branch.target()));
                case TableSwitchInstruction s -> stepIf(code, turnsBack(s.defaultTarget(), s.cases()));
                case LookupSwitchInstruction s -> stepIf(code, turnsBack(s.defaultTarget(), s.cases()));
                case NewObjectInstruction made -> code.invokestatic(BUDGET, "object", NOTHING);
                case NewPrimitiveArrayInstruction made -> array(code, size(made.typeKind()));
                case NewReferenceArrayInstruction made -> array(code, REFERENCE);
                default -> {
                    // costs nothing of its own
                }
            }
            code.with(element);
        }

        private boolean turnsBack(Label byDefault, List<SwitchCase> cases) {
            return passed.contains(byDefault) || cases.stream().anyMatch(c -> passed.contains(c.target()));
        }

        private static void stepIf(CodeBuilder code, boolean turnsBack) {
            if (turnsBack) {
                code.invokestatic(BUDGET, "step", NOTHING);
            }
        }

        /** @return bytes of an element. */
        private static int size(TypeKind kind) {
            return switch (kind) {
                case BOOLEAN, BYTE -> Byte.BYTES;
                case CHAR, SHORT -> Short.BYTES;
                case INT, FLOAT -> Integer.BYTES;
                default -> Long.BYTES;
            };
        }

        /** The count is on the stack, and stays there. */
        private static void array(CodeBuilder code, int elementSize) {
            code.loadConstant(elementSize).invokestatic(BUDGET, "array", ARRAY);
        }
    }
}
