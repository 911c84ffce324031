internal import PropertyGraph

/// Turns a plan into a tree of operators, and puts probes between its steps.
struct PlanDescriber {
    private let text: PlanText
    private let estimates: PlanEstimates
    private(set) var operatorCount = 0

    init(names: [Int: String], knowledge: Compiler.Knowledge) {
        text = PlanText(names: names)
        estimates = PlanEstimates(knowledge: knowledge)
    }

    /// The tree of a whole query, and the query with probes.
    mutating func describe(_ plan: QueryPlan) -> (PlanOperator, QueryPlan) {
        describe(plan, root: "ProduceResults", rows: 1)
    }

    private mutating func newNumber() -> Int {
        operatorCount += 1
        return operatorCount - 1
    }

    private mutating func describe(
        _ plan: QueryPlan, root name: String, rows: Double
    ) -> (PlanOperator, QueryPlan) {
        let root = newNumber()
        var probed = plan
        var inputs: [PlanOperator] = []
        var total = 0.0
        for place in plan.parts.indices {
            let (part, input) = stages(plan.parts[place], root, rows)
            probed.parts[place] = part
            total += input?.estimatedRows ?? rows
            if let input { inputs.append(input) }
        }
        if plan.parts.count > 1 {
            let union = PlanOperator(
                name: plan.isDistinct ? "DistinctUnion" : "Union", details: "",
                estimatedRows: total, children: inputs, number: newNumber())
            inputs = [union]
        }
        let columns = plan.columns.joined(separator: ", ")
        return (
            PlanOperator(
                name: plan.columns.isEmpty && name == "ProduceResults" ? "EmptyResult" : name,
                details: columns, estimatedRows: total, children: inputs, number: root), probed
        )
    }

    private mutating func stages(
        _ stages: [QueryPlan.Stage], _ root: Int, _ start: Double
    ) -> ([QueryPlan.Stage], PlanOperator?) {
        var probed: [QueryPlan.Stage] = []
        var input: PlanOperator?
        var rows = start
        /// The barrier whose rows the next stage takes.
        var pending: Int?
        for stage in stages {
            var stage = stage
            let barrier = barrier(stage.barrier)
            let end = barrier?.number ?? root
            (stage.pipeline, input) = pipeline(
                stage.pipeline, counting: pending, into: end, input, rows)
            rows = input?.estimatedRows ?? rows
            pending = nil
            if let barrier {
                stage.operatorNumber = barrier.number
                rows = estimates.rows(of: stage.barrier, rows)
                input = PlanOperator(
                    name: barrier.name, details: barrier.details, estimatedRows: rows,
                    children: (input.map { [$0] } ?? []) + barrier.inner, number: barrier.number)
                pending = barrier.number
            }
            probed.append(stage)
        }
        if let pending {
            probed.append(
                QueryPlan.Stage(
                    pipeline: Pipeline(steps: [.probe(Probe(counts: pending, enters: root))])))
        }
        return (probed, input)
    }

    /// A pipeline with probes, and its last operator.
    private mutating func pipeline(
        _ pipeline: Pipeline, counting: Int?, into end: Int, _ start: PlanOperator?,
        _ startRows: Double
    ) -> (Pipeline, PlanOperator?) {
        var steps: [Step] = []
        var input = start
        var rows = startRows
        var last = counting
        for step in pipeline.steps {
            let number = newNumber()
            steps.append(.probe(Probe(counts: last, enters: number)))
            rows = estimates.rows(of: step, rows)
            let (probed, inner) = inside(step, number, rows)
            steps.append(probed)
            let label = text.label(of: step)
            input = PlanOperator(
                name: label.name, details: label.details, estimatedRows: rows,
                children: (input.map { [$0] } ?? []) + (inner.map { [$0] } ?? []), number: number)
            last = number
        }
        steps.append(.probe(Probe(counts: last, enters: end)))
        return (Pipeline(steps: steps), input)
    }

    /// A step with probes in the pipelines it holds.
    private mutating func inside(
        _ step: Step, _ number: Int, _ rows: Double
    ) -> (Step, PlanOperator?) {
        switch step {
        case .optional(let pipeline, let slots):
            let (probed, inner) = self.pipeline(pipeline, counting: nil, into: number, nil, rows)
            return (.optional(probed, slots: slots), inner)
        case .first(let count, let pipeline):
            let (probed, inner) = self.pipeline(pipeline, counting: nil, into: number, nil, rows)
            return (.first(count, probed), inner)
        case .subquery(let plan, let isOptional):
            let (inner, probed) = describe(plan, root: "Subquery", rows: rows)
            return (.subquery(probed, isOptional: isOptional), inner)
        default: return (step, nil)
        }
    }

    private mutating func barrier(
        _ barrier: Barrier
    ) -> (name: String, details: String, number: Int, inner: [PlanOperator])? {
        guard let label = text.label(of: barrier) else { return nil }
        var inner: [PlanOperator] = []
        let number = newNumber()
        if case .change(.merge(let merge)) = barrier,
            let found = pipeline(merge.match, counting: nil, into: number, nil, 1).1
        {
            inner = [found]
        }
        return (label.name, label.details, number, inner)
    }
}
